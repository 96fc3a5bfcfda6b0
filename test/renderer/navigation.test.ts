import { describe, expect, it } from 'vitest';
import { createNavigation } from '../../src/renderer/navigation.ts';
import { actOnKey } from '../../src/renderer/app-frame/use-console-keys.ts';

describe('going somewhere', () => {
  it('asks first where changes are unsaved', () => {
    const navigation = createNavigation();
    navigation.setState({ screen: 'settings', unsaved: true });
    navigation.go('today');
    expect(navigation.getState()).toMatchObject({ screen: 'settings', leavingTo: 'today' });
    navigation.leave(false);
    expect(navigation.getState()).toMatchObject({ screen: 'settings', leavingTo: null, unsaved: true });
    navigation.openTab('passes');
    navigation.leave(true);
    expect(navigation.getState()).toMatchObject({ screen: 'today', tab: 'passes', unsaved: false });
  });

  it('opens what waits from anywhere', () => {
    const navigation = createNavigation();
    navigation.go('settings');
    navigation.openTab('waiting', 'held');
    expect(navigation.getState()).toMatchObject({ screen: 'today', tab: 'waiting', waiting: 'held' });
  });
});

it('leaves keys alone that mean nothing to the console', () => {
  expect(actOnKey('x', createNavigation())).toBe(false);
});
