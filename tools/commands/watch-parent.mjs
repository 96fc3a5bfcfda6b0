import { readFileSync } from 'node:fs';

/** How often is looked, in ms. */
const LOOK_MILLISECONDS = 1000;

/**
 * Calls back once when whoever started this process is gone without a signal that reached us: a terminal or an npm that
 * was ended by itself. npm runs a script in a shell that outlives it, so the shell's parent counts too, where the system
 * tells it. Otherwise the program would go on with nobody to stop it.
 */
export function whenParentGone(callback) {
  const started = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === started) return;
    clearInterval(timer);
    callback();
  }, LOOK_MILLISECONDS);
  timer.unref();
}

function ancestors() {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name is in brackets and may hold anything; state and parent follow the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return 'unknown';
  }
}
