import { fileOf, type MediaFile, settleFile } from "../db/media.ts";
import type { MessageMedia } from "../domain/message.ts";
import { AppError } from "../errors.ts";
import type { ActionContext } from "./context.ts";

/**
 * Has a file fetched at once, as if for the first time: one that waits for its next try, or was refused. Throws `not_found`,
 * and `media_not_open` for one that is there, is being fetched, or that Meta has forgotten.
 */
export async function retryFile(
  { agent, db, now, publish, wakeFetchers }: ActionContext,
  id: number,
): Promise<MessageMedia> {
  const file = await fileOf(db, agent.organizationId, id);
  if (!file) throw new AppError("not_found", `No such file: ${id}.`);
  const expected = ["retrying", "refused"] as const;
  const change = { state: "pending" as const, attempts: 0, nextAttemptAt: now() };
  const committed = await settleFile(db, id, { expected: [...expected], attempts: file.attempts }, change);
  if (!committed)
    throw new AppError(
      "media_not_open",
      `The file is ${file.state}. Only a file that is retrying or refused can be fetched again.`,
      {
        mediaState: file.state,
        mediaProblem: file.problem,
      },
    );
  await publish(committed);
  wakeFetchers(file.organizationPhoneId);
  return shown({ ...file, state: "pending", problem: null });
}

function shown({ id, state, mimeType, fileName, sizeBytes, problem }: MediaFile): MessageMedia {
  return { id, state, mimeType, fileName, sizeBytes, problem };
}
