import { isUserId } from "../../domain/user-id.ts";
import { bounded } from "./bounded.ts";
import { listOf, metas, some } from "./checks.ts";
import { BLOCKED_USERS } from "./limits.ts";

/** One customer by phone or by business-scoped user id; Meta refuses the parent id (`US.ENT.…`) here. */
const blocked = metas(
  {
    user: some("A phone")
      .regex(/^\+?\d{5,15}$/, { error: "A phone is digits, with or without +." })
      .optional(),
    user_id: some("A user id")
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
  metas({ block_users: listOf(blocked, "A call", "users", { min: 1, max: BLOCKED_USERS }) }, "The request"),
);
