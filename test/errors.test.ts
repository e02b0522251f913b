import { describe, it } from "vitest";
import { AppError, problems } from "../src/errors.ts";

describe("an AppError", () => {
  it("takes status, title and retryable from its code, and keeps the further members apart", ({ expect }) => {
    const errors = [{ pointer: "/message", code: "too_long", detail: "Too long." }];
    const error = new AppError("invalid_request", "The message is too long.", { errors });
    expect(error).toMatchObject({ status: 400, retryable: false, message: "The message is too long." });
    expect(error.title).toBe(problems.invalid_request.title);
    expect(error.members).toEqual({ errors });
  });

  it("may have another status, as when an admin must fix what Meta refused", ({ expect }) => {
    const meta = { code: 190, subcode: null, details: null, fbtraceId: "A1" };
    const error = new AppError("meta_refused", "No.", { status: 502, title: "Invalid access token", meta });
    expect(error).toMatchObject({
      status: 502,
      title: "Invalid access token",
      retryable: false,
      members: { meta },
    });
  });
});
