/** What is done, as the title of a test says it, and how. */
export type Step = readonly [title: string, work: () => Promise<void>];

interface Told {
  done(): void;
  failed(error: unknown): void;
}

/**
 * Steps on one machine, one after the other, beside those of another machine: one emulated boot hardly uses two processors. Each step is a
 * test that tells its own end; what comes after one that failed is not tried.
 */
export class Story {
  /** How long each step took; told, and judging nothing. */
  readonly times: string[] = [];
  private readonly ends: Promise<void>[];
  private readonly tell: Told[] = [];

  constructor(
    readonly name: string,
    private readonly steps: readonly Step[],
  ) {
    this.ends = steps.map(() => new Promise((done, failed) => this.tell.push({ done, failed })));
    for (const end of this.ends) end.catch(() => {}); // told by its test
  }

  /** Its tests, to be called where they are described. */
  tests(): void {
    this.steps.forEach(([title], at) => {
      it(`${this.name}: ${title}`, () => this.ends[at]);
    });
  }

  /** Runs all steps; never rejects. */
  async run(): Promise<void> {
    let broken: string | undefined;
    for (const [at, [title, work]] of this.steps.entries()) {
      const { done, failed } = this.tell[at] as Told;
      const from = performance.now();
      try {
        if (broken !== undefined) throw new Error(`not tried, because this failed: ${broken}`);
        await work();
        done();
        this.times.push(`${title} ${((performance.now() - from) / 1000).toFixed(0)} s`);
      } catch (error) {
        broken ??= title;
        failed(error);
      }
    }
  }
}
