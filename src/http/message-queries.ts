import { z } from "zod";
import { cursor, idInPath, limit, seqInQuery } from "./schemas.ts";

const include = z.enum(["payload"]).optional();

export const messageListQuery = z
  .strictObject({
    before: idInPath.optional(),
    after: idInPath.optional(),
    around: idInPath.optional(),
    cursor,
    limit: limit(100),
    include,
  })
  .refine(
    ({ before, after, around, cursor }) =>
      [before, after, around, cursor].filter((x) => x !== undefined).length < 2,
    {
      message: "Pass only one of before, after, around and cursor.",
    },
  );

export const eventListQuery = z
  .strictObject({ after: seqInQuery.optional(), cursor, limit: limit(500), include })
  .refine(({ after, cursor }) => after === undefined || cursor === undefined, {
    path: ["after"],
    message: "Pass only one of after and cursor.",
  });
