import { describe, expect, it } from 'vitest';
import { createNavigation, screenKeys, screens } from '../../src/renderer/navigation.ts';
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

  it('opens the queue or the history from anywhere', () => {
    const navigation = createNavigation();
    navigation.go('settings');
    navigation.openDuplicates('history');
    expect(navigation.getState()).toMatchObject({ screen: 'duplicates', duplicatesTab: 'history' });
    navigation.setState({ screen: 'settings', unsaved: true });
    navigation.openDuplicates('queue');
    expect(navigation.getState()).toMatchObject({ screen: 'settings', leavingTo: 'duplicates' });
  });
});

it('opens tasks, which stand beside the accounts that they make', () => {
  const navigation = createNavigation();
  navigation.open({ screen: 'tasks' });
  expect(navigation.getState()).toMatchObject({ screen: 'accounts', accountsTab: 'tasks' });
});

it('goes to the screens of the rail by their digits', () => {
  const navigation = createNavigation();
  screens.slice(0, 10).forEach((screen, i) => {
    expect(actOnKey(String((i + 1) % 10), navigation)).toBe(true);
    expect(navigation.getState().screen).toBe(screen);
  });
});

it('every screen of the rail has a key of its own, which nothing else means', () => {
  const navigation = createNavigation();
  for (const screen of screens) {
    navigation.setState({ screen: screen === 'today' ? 'health' : 'today' });
    expect(actOnKey(screenKeys[screen], navigation)).toBe(true);
    expect(navigation.getState().screen).toBe(screen);
  }
  expect(new Set(Object.values(screenKeys)).size).toBe(screens.length);
});

it('leaves keys alone that mean nothing to the console', () => {
  expect(actOnKey('x', createNavigation())).toBe(false);
});
