import { findFailureReason } from "../../domain/failure-reason.ts";
import { failuresRu } from "../../domain/failure-texts-ru.ts";
import { problemsRu } from "../strings/problems-ru.ts";
import { type Language, stringsOf } from "../strings/strings.ts";
import { ApiError, NetworkError } from "./api.ts";

/** Why a request failed, in the language of the page: in English the server's own words, in Russian those for its reason. */
export function refusalText(error: unknown, language: Language): string {
  const { app } = stringsOf(language);
  if (error instanceof NetworkError) return app.offline;
  if (!(error instanceof ApiError)) return app.failed;
  const { problem } = error;
  if (!problem) return app.unknownError;
  const text = problemText(problem, language);
  // The text asks for it to be quoted.
  return problem.code === "internal" ? `${text} requestId: ${problem.requestId}` : text;
}

/** The same for the problem of an answer; in Russian the server's own words where the page has none for its code. */
function problemText(
  { code, reason = code, detail }: { code: string; reason?: string | undefined; detail: string },
  language: Language,
): string {
  if (language === "en") return detail;
  const known = findFailureReason(reason);
  if (known) return `${failuresRu[known.name].title}. ${failuresRu[known.name].advice}`;
  return problemsRu[code] ?? detail;
}

/** Why the server did not take a message: of a service window that is over as the composer says it, which is locked by then. */
export function unsentProblemText(problem: { code: string; detail: string }, language: Language): string {
  if (problem.code === "window_closed") return `${stringsOf(language).composer.closedTitle}.`;
  return problemText(problem, language);
}
