import type { Honour } from '../shared/contract/wall.ts';

/** What a bell may ring: notes one after the other, as semitones above its lowest. */
export type Melody = readonly number[];

export interface Bell {
  /** Rings at a volume from 0 to 100. False when this machine has no sound. `own`: address of a sound to play instead. */
  ring(melody: Melody, volume: number, own?: string | null): boolean;
}

const roots = [0, 2, 4, 7, 9] as const;
const intervals = [5, 7, 4, 12] as const;
const lowest = 523.25;
/** Between two notes, and how long the last one sounds on, in seconds. */
const step = 0.16;
const fade = 1.6;

/** Each agent has two notes of their own, the same every time; twenty pairs that go together. */
export function melodyOf(userId: string): Melody {
  let hash = 0;
  for (const character of userId) hash = (hash * 31 + character.charCodeAt(0)) % 9973;
  const root = roots[hash % roots.length]!;
  return [root, root + intervals[Math.floor(hash / roots.length) % intervals.length]!];
}

/** Several at once: a run upwards, a note for each. */
export function burstMelody(count: number): Melody {
  return [0, 4, 7, 12, 16].slice(0, Math.max(2, count));
}

/** More than can be told: one low note, no fanfare. */
export const summaryMelody: Melody = [-5];

const honourMelodies: Readonly<Record<Honour, Melody>> = {
  target: [0, 4, 7, 12, 16, 19, 24],
  big: [0, 7, 12, 16, 19],
  first: [0, 12, 7],
};

/** What is more than a pling sounds so. */
export function honourMelody(honour: Honour): Melody {
  return honourMelodies[honour];
}

/** An own sound is cut off after this long, in seconds. */
const longestOwn = 5;

/** Partials of a struck bell: ratio to the note, loudness, and how much of the fade they last. */
const partials = [
  [1, 1, 1],
  [2.0, 0.55, 0.7],
  [3.01, 0.22, 0.45],
  [4.17, 0.12, 0.3],
] as const;

/** A bell made of sines, so that there is no file to load. Silent between two rings: it holds no sound device then. */
export function createBell(): Bell {
  let context: AudioContext | null = null;
  let rest: ReturnType<typeof setTimeout> | undefined;

  function strike(audio: AudioContext, out: AudioNode, note: number, at: number): void {
    for (const [ratio, loudness, lasting] of partials) {
      const gain = audio.createGain();
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(loudness, at + 0.006);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + fade * lasting);
      gain.connect(out);
      const tone = audio.createOscillator();
      tone.frequency.value = lowest * 2 ** (note / 12) * ratio;
      tone.connect(gain);
      tone.start(at);
      tone.stop(at + fade * lasting);
    }
  }

  function strikeAll(audio: AudioContext, out: AudioNode, melody: Melody): void {
    melody.forEach((note, index) => strike(audio, out, note, audio.currentTime + 0.05 + index * step));
  }

  /** Plays a file; where that cannot be done, the melody. */
  async function play(audio: AudioContext, out: AudioNode, address: string, melody: Melody): Promise<void> {
    try {
      const answer = await fetch(address);
      const sound = await audio.decodeAudioData(await answer.arrayBuffer());
      const source = new AudioBufferSourceNode(audio, { buffer: sound });
      source.connect(out);
      source.start();
      source.stop(audio.currentTime + longestOwn);
    } catch {
      strikeAll(audio, out, melody);
    }
  }

  return {
    ring(melody, volume, own = null) {
      if (volume <= 0) return true;
      try {
        if (context === null || context.state === 'closed') context = new AudioContext();
        const audio = context;
        const out = audio.createGain();
        // Loudness is heard by its square, roughly.
        out.gain.value = 0.35 * (Math.min(volume, 100) / 100) ** 2;
        out.connect(audio.destination);
        void audio.resume();
        if (own === null) strikeAll(audio, out, melody);
        else void play(audio, out, own, melody);
        clearTimeout(rest);
        const whole = (own === null ? melody.length * step + fade + 0.5 : longestOwn + fade + 1) * 1000;
        rest = setTimeout(() => {
          out.disconnect();
          void audio.suspend();
        }, whole);
        return true;
      } catch {
        // No device, or it went away: the celebration is seen all the same, and the next ring tries anew.
        context = null;
        return false;
      }
    },
  };
}
