import { describe, it } from "vitest";
import {
  parseContactSync,
  parseIdentityChange,
  parseIdentityChanges,
  parsePreferences,
} from "../../src/whatsapp/parse-identity.ts";

const [before, after] = ["RU.48151623420001", "RU.48151623420002"];
const timestamp = "1790000000";
const at = "2026-09-21T14:13:20.000Z";
const odd = [null, 1, "x", [], {}, { user_id_update: {}, user_preferences: {}, state_sync: "x" }];

describe("a change of ids", () => {
  it("has the old and the new user id, and the phone as it is now", ({ expect }) => {
    const parent_user_id = { previous: "RU.ENT.1", current: "RU.ENT.2" };
    const update = {
      wa_id: "79169999999",
      user_id: { previous: before, current: after },
      parent_user_id,
      timestamp,
    };
    expect(
      parseIdentityChanges({ user_id_update: [update, { timestamp }, null, { user_id: update.user_id }] }),
    ).toEqual([
      {
        previous: { phone: null, userId: before, parentUserId: "RU.ENT.1" },
        current: { phone: "79169999999", userId: after, parentUserId: "RU.ENT.2" },
        at,
      },
    ]);
    for (const value of odd) expect(parseIdentityChanges(value)).toEqual([]);
  });

  it("may come in a system message", ({ expect }) => {
    const system = {
      type: "user_changed_number",
      wa_id: "79169999999",
      user_id: after,
      parent_user_id: "RU.ENT.2",
    };
    expect(
      parseIdentityChange({ type: "system", from: "79161234567", from_user_id: before, timestamp, system }),
    ).toEqual({
      previous: { phone: "79161234567", userId: before, parentUserId: null },
      current: { phone: "79169999999", userId: after, parentUserId: "RU.ENT.2" },
      at,
    });
    const body = `Vera changed from ${before} to ${after}`;
    const renamed = {
      type: "system",
      timestamp,
      system: { type: "user_changed_user_id", user_id: after, body },
    };
    expect(parseIdentityChange(renamed)).toMatchObject({
      previous: { phone: null, userId: before },
      current: { phone: null, userId: after },
    });
  });

  it("has the old number from Meta's sentence where the message has the new one already", ({ expect }) => {
    const changed = (body: string, more: object = {}) =>
      parseIdentityChange({
        type: "system",
        from: "79169999999",
        timestamp,
        system: { type: "user_changed_number", wa_id: "79169999999", body, ...more },
      });
    expect(changed("Anna from Rome changed from 79161234567 to 79169999999")).toMatchObject({
      previous: { phone: "79161234567" },
      current: { phone: "79169999999" },
    });
    for (const body of ["Anna changed from 79161234567 to 79160000000", "Anna from 1 to 79169999999", "Anna"])
      expect(changed(body)).toMatchObject({ previous: { phone: "79169999999" } });
    const old = "79161234567";
    expect(
      changed(`Anna changed from ${old} to 79169999999`, { wa_id: undefined, new_wa_id: "79169999999" }),
    ).toMatchObject({ previous: { phone: old }, current: { phone: "79169999999" } });
  });

  it("does not come in other messages, nor in those that name nobody new", ({ expect }) => {
    const system = { type: "user_changed_number", wa_id: "79169999999" };
    const none = [
      { type: "text", timestamp, system },
      { type: "system", system },
      { type: "system", timestamp, system: { type: "user_changed_number" } },
      { type: "system", timestamp, system: { ...system, type: "customer_identity_changed" } },
      ...odd,
    ];
    for (const message of none) expect(parseIdentityChange(message)).toBeNull();
  });
});

describe("a preference", () => {
  it("is of one person, about one category", ({ expect }) => {
    const stop = {
      wa_id: "79161234567",
      user_id: before,
      category: "marketing_messages",
      value: "stop",
      timestamp: 1790000000,
    };
    const { user_id, ...byPhone } = stop;
    const list = [
      stop,
      { ...byPhone, value: "resume", detail: "d" },
      { ...stop, value: "" },
      { ...byPhone, wa_id: "" },
    ];
    const person = {
      phone: "79161234567",
      parentUserId: null,
      signupId: null,
      category: "marketing_messages",
      at,
    };
    expect(parsePreferences({ user_preferences: list })).toEqual([
      { ...person, userId: user_id, value: "stop", detail: null },
      { ...person, userId: null, value: "resume", detail: "d" },
    ]);
    for (const value of odd) expect(parsePreferences(value)).toEqual([]);
  });
});

describe("the phone's address book", () => {
  it("lists who was added and who was removed", ({ expect }) => {
    const anna = {
      full_name: "Anna B.",
      first_name: "Anna",
      phone_number: "79161234567",
      user_id: before,
      username: "anna.ru",
    };
    const add = { type: "contact", contact: anna, action: "add", metadata: { timestamp } };
    const remove = { ...add, contact: { phone_number: "79037654321" }, action: "remove" };
    const bad = [
      { ...add, type: "label" },
      { ...add, action: "dance" },
      { ...add, contact: {} },
      { ...add, metadata: {} },
    ];
    expect(parseContactSync({ state_sync: [add, remove, ...bad, null] })).toEqual([
      {
        phone: "79161234567",
        userId: before,
        parentUserId: null,
        name: "Anna B.",
        firstName: "Anna",
        username: "anna.ru",
        action: "add",
        at,
      },
      {
        phone: "79037654321",
        userId: null,
        parentUserId: null,
        name: null,
        firstName: null,
        username: null,
        action: "remove",
        at,
      },
    ]);
    for (const phone_number of ["+79161234567", "+7 (916) 123-45-67", 79161234567]) {
      const written = { ...add, contact: { full_name: "Anna B.", phone_number } };
      expect(parseContactSync({ state_sync: [written] })).toMatchObject([
        { phone: "79161234567", userId: null },
      ]);
    }
    const byUserId = { ...add, contact: { full_name: "Anna B.", phone_number: before } };
    expect(parseContactSync({ state_sync: [byUserId] })).toMatchObject([{ phone: null, userId: before }]);
    for (const value of odd) expect(parseContactSync(value)).toEqual([]);
  });
});
