import { afterAll, beforeAll, describe, it } from "vitest";
import { tryLives } from "../support/live-through.ts";
import { type OwnDatabase, ownDatabase } from "./own-system.ts";

describe("a person who changes phone and user id", { timeout: 600_000 }, () => {
  let database: OwnDatabase;

  beforeAll(async () => {
    database = await ownDatabase();
  }, 60_000);

  afterAll(() => database?.drop());

  // `npm run lives` tries more.
  it("is one contact with the same rows and times in every order, and a repetition changes nothing", async () => {
    await tryLives(database, { lives: 16, shortLives: 1 });
  });
});
