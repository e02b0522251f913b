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
  if (language === "en") return problem.detail;
  const reason = findFailureReason(problem.reason ?? "");
  if (reason) return `${failuresRu[reason.name].title}. ${failuresRu[reason.name].advice}`;
  return problemsRu[problem.code] ?? problem.detail;
}
