import { type Finding, finding, requiredChecks } from "../domain/check.ts";
import { AppError } from "../errors.ts";
import { answerOf } from "../whatsapp/checks/answer.ts";
import type { NumberValues } from "../whatsapp/checks/values.ts";
import { numberFields } from "../whatsapp/number-fields.ts";
import { checkValues } from "./check-phone.ts";
import type { ActionContext } from "./context.ts";

/**
 * What the checks of these values found. Throws `checks_failed` with the failed ones, or `unavailable` when Meta could not be
 * asked: a number is saved only with a token that can read it.
 */
export async function requirePassing(
  ctx: ActionContext,
  values: NumberValues & { wabaAccessToken: string },
): Promise<Finding[]> {
  const findings = await checkValues(ctx, values, { only: requiredChecks, callbackUrl: null });
  const failed = findings.filter(({ status }) => status === "fail");
  if (failed.some(({ code }) => code === "meta_unreachable"))
    throw new AppError("unavailable", "Meta cannot be asked right now. Nothing was saved.", {
      retryAfter: 5,
    });
  if (failed.length > 0) throw checksFailed(failed);
  return findings;
}

/** What Meta says of a number that has just passed; nothing where Meta cannot be asked again. */
export async function fieldsAtMeta(
  { numbers }: ActionContext,
  token: string,
  { wabaPhoneNumberId, wabaApiVersion }: Pick<NumberValues, "wabaApiVersion"> & { wabaPhoneNumberId: string },
) {
  const answer = await answerOf(numbers.client(token, wabaApiVersion).phone(wabaPhoneNumberId));
  return numberFields("value" in answer ? answer.value : {});
}

/** A token as it is stored in this row. Throws `checks_failed` where there is no key to seal it with. */
export async function sealedToken(
  { numbers }: ActionContext,
  organizationPhoneId: number,
  token: string,
): Promise<string> {
  const sealed = await numbers.seal(organizationPhoneId, token.trim());
  if (sealed === null) throw checksFailed([finding("C15", "fail", "sealing_key_missing")]);
  return sealed;
}

/** Says that the number is connected, and not whose it is. */
export function numberTaken(): AppError {
  return new AppError(
    "number_taken",
    "This phone number ID is connected already. Disconnect it there first.",
  );
}

function checksFailed(findings: Finding[]): AppError {
  const names = findings.map(({ id, code }) => `${id} ${code}`).join(", ");
  return new AppError("checks_failed", `Nothing was saved, because a check failed: ${names}.`, { findings });
}
