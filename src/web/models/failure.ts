import { findFailureReason } from "../../domain/failure-reason.ts";
import { failuresRu } from "../../domain/failure-texts-ru.ts";
import type { Message, MessageError } from "../../domain/message.ts";
import type { Language } from "../strings/strings.ts";

/** What an agent can do about a message that did not arrive. `discard`: end the waiting for its status. */
export type FailureAction = "template" | "resend" | "discard";

/** Only what helps: nothing where repeating would fail again or do harm, and nothing once somebody has decided. */
export function failureActions({ status, error }: Pick<Message, "status" | "error">): FailureAction[] {
  if (isDecided(error)) return [];
  if (status === "unconfirmed") return ["resend", "discard"];
  if (status !== "failed" || !error) return [];
  const retry = findFailureReason(error.code)?.retry;
  if (retry === "template") return ["template"];
  return retry === "manual" || retry === "after_fix" ? ["resend"] : [];
}

/** Whether somebody has ended the waiting for the message's status, so that it failed by their choice. */
export function isDecided(error: MessageError | null): boolean {
  return error?.code === "resent" || error?.code === "discarded";
}

/** Why, and what to do: the server's English, or the page's own text for the same reason. */
export function failureTexts(error: MessageError, language: Language): { title: string; advice: string } {
  const reason = language === "ru" ? findFailureReason(error.code) : null;
  if (!reason) return error;
  const { title, advice } = failuresRu[reason.name];
  const isUnknownCode = reason.name === "other" && error.metaCode !== null;
  return { title: isUnknownCode ? `${title} ${error.metaCode}` : title, advice };
}
