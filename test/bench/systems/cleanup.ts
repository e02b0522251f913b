/** Stops started resources, newest first. */
export type Cleanup = {
  /** Registers how to stop a resource, and returns the resource. */
  add<Resource>(resource: Resource, stop: () => unknown): Resource;
  run(): Promise<void>;
};

export function newCleanup(): Cleanup {
  const stops: (() => unknown)[] = [];
  return {
    add: (resource, stop) => {
      stops.push(stop);
      return resource;
    },
    run: async () => {
      for (const stop of stops.splice(0).reverse()) await stop();
    },
  };
}
