import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { rounded } from './figures.ts';

/** One line of a bench: what was measured, against what, and whether that meets the target. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  /** The same done barely, in the same run. */
  reference?: { what: string; value: number };
  ratio?: number;
  /** In words, with the measured value already compared. */
  target?: { words: string; met: boolean };
  note?: string;
}

export interface Report {
  figure(figure: Figure): void;
  /** A sentence on how something was measured. */
  say(sentence: string): void;
  /** Adds a version to the machine's line: the database's, for example. */
  version(name: string, value: string): void;
  /** Prints everything, as text or with `--json` as one JSON document. A missed target is no failure of the bench. */
  print(): void;
}

/** Collects the figures of one bench. */
export function startReport(bench: string, argv: readonly string[] = process.argv): Report {
  const figures: Figure[] = [];
  const sentences: string[] = [];
  const versions: Record<string, string> = { node: process.versions.node, opsdeck: commit() };
  const machine = machineLine();
  return {
    figure: (figure) => figures.push(figure),
    say: (sentence) => sentences.push(sentence),
    version: (name, value) => (versions[name] = value),
    print() {
      const load = loadavg().map(rounded).join(' ');
      const result = {
        bench,
        at: new Date().toISOString(),
        machine: { ...machine, load },
        versions,
        figures,
      };
      if (argv.includes('--json')) {
        process.stdout.write(`${JSON.stringify({ ...result, notes: sentences }, null, 2)}\n`);
      } else process.stdout.write(`${asText(result, sentences)}\n`);
    },
  };
}

function asText(
  result: {
    bench: string;
    at: string;
    machine: Record<string, string>;
    versions: Record<string, string>;
    figures: readonly Figure[];
  },
  sentences: readonly string[],
): string {
  const { machine, versions } = result;
  return [
    `${result.bench}  ${result.at}`,
    `  ${machine['cpu']}, ${machine['memory']}, ${machine['system']}, load ${machine['load']}`,
    `  ${Object.entries(versions)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    '',
    ...result.figures.map(lineOf),
    ...(sentences.length > 0 ? ['', ...sentences.map((sentence) => `  ${sentence}`)] : []),
  ].join('\n');
}

function lineOf(figure: Figure): string {
  const { reference, ratio, target, note } = figure;
  const parts = [`${rounded(figure.value)} ${figure.unit}`];
  if (reference) parts.push(`${reference.what} ${rounded(reference.value)} ${figure.unit}`);
  if (ratio !== undefined) parts.push(`ratio ${ratio.toFixed(2)}`);
  if (target) parts.push(`target ${target.words}: ${target.met ? 'met' : 'MISSED'}`);
  if (note) parts.push(note);
  return `  ${figure.what.padEnd(44)} ${parts.join(' · ')}`;
}

function machineLine(): Record<string, string> {
  const all = cpus();
  return {
    cpu: `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    system: `${platform()} ${release()}`,
  };
}

function commit(): string {
  const root = join(import.meta.dirname, '../../..');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
    return `${version} (${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', 'src') ? ', changed' : ''})`;
  } catch {
    return version;
  }
}
