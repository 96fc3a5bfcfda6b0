/** How many messages one turn of the event loop handles, and how many may wait for theirs. */
const perTurn = 16;
const mostWaiting = 2000;

/**
 * Hands messages on in order, a few in each turn of the event loop, so that a page that floods main delays nobody
 * else: without it 25 000 calls at once kept main busy for over three seconds. What comes when too many wait is
 * refused. A single message is handled at once.
 */
export function paceMessages<Message>(
  handle: (message: Message) => void,
  refuse: (message: Message) => void,
  defer: (turn: () => void) => void = setImmediate,
): (message: Message) => void {
  const waiting: Message[] = [];
  let left = perTurn;
  let deferred = false;

  function turn(): void {
    deferred = false;
    left = perTurn;
    for (const message of waiting.splice(0, perTurn)) {
      left -= 1;
      handle(message);
    }
    if (left < perTurn) deferOnce();
  }

  function deferOnce(): void {
    if (deferred) return;
    deferred = true;
    defer(turn);
  }

  return (message) => {
    deferOnce();
    if (waiting.length >= mostWaiting) refuse(message);
    else if (waiting.length > 0 || left === 0) waiting.push(message);
    else {
      left -= 1;
      handle(message);
    }
  };
}
