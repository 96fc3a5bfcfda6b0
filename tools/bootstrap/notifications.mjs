import { installDebianPackages, mayInstallPackages } from './debian.mjs';
import { findProgram } from './run-command.mjs';
import { say } from './say.mjs';

const PROGRAMS = ['dbus-daemon', 'dbus-monitor', 'dunst', 'dunstctl'];
const PACKAGES = ['dbus', 'dunst'];

/**
 * Makes sure that there is a notification service to test with (Linux). Where it may not be installed here, that is
 * said, and the tests that need it say so too; nothing else depends on it.
 */
export async function ensureNotificationService() {
  if (process.platform !== 'linux') return;
  const missing = PROGRAMS.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return;
  try {
    if (!mayInstallPackages()) throw new Error(`sudo apt-get install -y ${PACKAGES.join(' ')}`);
    await installDebianPackages(PACKAGES, 'A notification service (dunst)');
  } catch (error) {
    say(`NATIVE NOTIFICATIONS WILL NOT BE TESTED: ${missing.join(', ')} missing. ${error.message}`);
  }
}
