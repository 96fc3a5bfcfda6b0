/** A step that cannot go on; `command` is what a person has to run, where there is such a thing. */
export class StepFailed extends Error {
  constructor(message, command) {
    super(command === undefined ? message : `${message}\n  run: ${command}`);
    this.name = 'StepFailed';
  }
}

/** One line for the person, always on stderr: stdout belongs to the program that is started. */
export function say(line) {
  process.stderr.write(`opsdeck: ${line}\n`);
}

/** Runs a tool's main function; a failed step becomes a sentence and exit code 1, anything else keeps its stack. */
export async function runTool(main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    say(error instanceof StepFailed ? error.message : (error.stack ?? String(error)));
    process.exitCode = 1;
  }
}
