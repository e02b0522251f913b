import { isUserId } from "../../domain/user-id.ts";
import { BLOCKED_USERS } from "../limits.ts";
import { bounded } from "./bounded.ts";
import { arrayOf, metaObject, nonEmpty } from "./checks.ts";

/** One customer by phone or by business-scoped user id; Meta refuses the parent id (`US.ENT.…`) here. */
const blocked = metaObject(
  {
    user: nonEmpty("A phone")
      .regex(/^\+?\d{5,15}$/, { error: "A phone is digits, with or without +." })
      .optional(),
    user_id: nonEmpty("A user id")
      .refine((id) => isUserId(id) && !id.includes(".ENT."), "A user id looks like US.13491208655302741918.")
      .optional(),
  },
  "A user",
).refine(({ user, user_id }) => (user === undefined) !== (user_id === undefined), {
  error: "Give either user or user_id.",
  path: ["user"],
});

/** Whom to block, or to unblock. */
export const blockUsers = bounded(
  metaObject(
    { block_users: arrayOf(blocked, "A call", "users", { min: 1, max: BLOCKED_USERS }) },
    "The request",
  ),
);
