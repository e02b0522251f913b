/** Stands for the platform and the database's driver in tests that run in plain Node, so that reaching one fails at once. */
throw new Error(
  "A test named x.test.ts runs in plain Node, and this one imports cloudflare:* or the database's driver, perhaps through " +
    "another file. Rename it to x.worker.test.ts, or to x.isolated.test.ts when it needs a runtime of its own: see CONTRIBUTING.md.",
);
