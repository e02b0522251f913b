/** What has been started, newest first when it is ended. */
export type Cleanup = {
  /** Remembers how to end something, and gives it back. */
  add<Thing>(thing: Thing, end: () => unknown): Thing;
  run(): Promise<void>;
};

export function newCleanup(): Cleanup {
  const ends: (() => unknown)[] = [];
  return {
    add: (thing, end) => {
      ends.push(end);
      return thing;
    },
    run: async () => {
      for (const end of ends.splice(0).reverse()) await end();
    },
  };
}
