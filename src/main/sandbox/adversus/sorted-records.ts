/** Records by id, and in order of their stamp (ties by id), so that a page of 100 000 is found without sorting. */
export class SortedRecords<T extends { readonly id: number }> {
  readonly #stampOf: (record: T) => number;
  readonly #byId = new Map<number, T>();
  #sorted: T[] = [];
  #version = 0;

  constructor(stampOf: (record: T) => number) {
    this.#stampOf = stampOf;
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#sorted.length;
  }

  /** Oldest stamp first. Not to be changed by the caller. */
  get all(): readonly T[] {
    return this.#sorted;
  }

  get(id: number): T | undefined {
    return this.#byId.get(id);
  }

  put(record: T): void {
    this.#version++;
    const before = this.#byId.get(record.id);
    if (before !== undefined) this.#sorted.splice(this.#placeOf(before), 1);
    this.#byId.set(record.id, record);
    this.#sorted.splice(this.#placeOf(record), 0, record);
  }

  /** Puts many at once: one sort instead of many insertions. */
  putMany(records: Iterable<T>): void {
    this.#version++;
    for (const record of records) this.#byId.set(record.id, record);
    this.#sorted = [...this.#byId.values()].sort((a, b) => this.#compare(a, b));
  }

  delete(id: number): boolean {
    const before = this.#byId.get(id);
    if (before === undefined) return false;
    this.#version++;
    this.#sorted.splice(this.#placeOf(before), 1);
    return this.#byId.delete(id);
  }

  clear(): void {
    this.#version++;
    this.#byId.clear();
    this.#sorted = [];
  }

  /** Those with a stamp strictly between the two, oldest first. */
  between(after: number, before: number): readonly T[] {
    const from = this.#firstWhere((record) => this.#stampOf(record) > after);
    const to = this.#firstWhere((record) => this.#stampOf(record) >= before);
    return from === 0 && to === this.#sorted.length
      ? this.#sorted
      : this.#sorted.slice(from, Math.max(from, to));
  }

  #compare(a: T, b: T): number {
    return this.#stampOf(a) - this.#stampOf(b) || a.id - b.id;
  }

  #placeOf(record: T): number {
    return this.#firstWhere((other) => this.#compare(other, record) >= 0);
  }

  // Binary search: `test` is false for a first part of the list and true for the rest.
  #firstWhere(test: (record: T) => boolean): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const record = this.#sorted[middle];
      if (record !== undefined && test(record)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
