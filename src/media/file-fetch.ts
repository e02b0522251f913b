import { WorkerEntrypoint } from "cloudflare:workers";
import { databaseUrlOf, mediaBucketOf } from "../config.ts";
import { connect } from "../db/client.ts";
import { settleFile, type WaitingFile, waitingFile } from "../db/media.ts";
import { discardObjects } from "../db/retention.ts";
import { failpoint } from "../failpoint.ts";
import { log } from "../log.ts";
import { openPhoneGraph, type PhoneGraph } from "../phones/phone-graph.ts";
import { isTokenDead } from "../phones/token-circuit-breaker.ts";
import { publish, undeliveredAfter } from "../realtime/publish.ts";
import { GraphError } from "../whatsapp/graph-error.ts";
import type { MediaFacts } from "../whatsapp/graph-media.ts";
import { objectKeyOf, readSha256 } from "./bucket.ts";
import { type Outcome, settlementOf } from "./settlement.ts";
import { storeFile } from "./store-file.ts";

/** What WhatsApp lets people send: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media */
const LIMIT_BYTES = 100 * 1024 * 1024;
const PUBLISH_CAP_MS = 150;
/** For the whole file: at 4 Mbit/s the largest takes this long. */
const FETCH_LIMIT_MS = 4 * 60_000;
/** Meta's code and subcode for an object that it does not have, or has forgotten. */
const NO_SUCH_OBJECT = { code: 100, subcode: 33 };

/**
 * Fetches one file from Meta, in an invocation of its own: its bytes pass through, from Meta into the bucket, and are never
 * held. Called by the MediaFetcher over RPC; may be repeated at will.
 */
export class FileFetch extends WorkerEntrypoint<Env> {
  /** Makes one try at a file that waits, and writes down what became of it. Throws when Postgres cannot be asked. */
  async run(fileId: number): Promise<void> {
    const db = connect(databaseUrlOf(this.env));
    const file = await waitingFile(db, fileId);
    if (!file) return;
    const outcome = await this.#fetch(file);
    FAILPOINTS && (await failpoint("media.beforeSettle"));
    const change = settlementOf(outcome, file, new Date());
    const committed = await settleFile(db, file.id, { attempts: file.attempts }, change);
    // It may have been erased, or settled otherwise, meanwhile.
    if (!committed && change.objectKey) await discardObjects(db, [change.objectKey]);
    const { organizationPhoneId } = file;
    const event = change.state === "stored" ? "file_stored" : "file_not_stored";
    log(event, { organizationPhoneId, mediaId: file.id, status: change.state, code: change.problem });
    if (committed) await undeliveredAfter(publish(this.env, committed), PUBLISH_CAP_MS);
  }

  async #fetch(file: WaitingFile): Promise<Outcome> {
    if (file.metaId === null) return { kind: "gone" };
    try {
      const db = connect(databaseUrlOf(this.env));
      const graph = await openPhoneGraph(this.env, db, file.organizationPhoneId);
      return await this.#fetchFrom(graph, file, file.metaId);
    } catch (error) {
      if (isTokenDead(error)) return { kind: "trouble", problem: "token_refused" };
      return isGone(error) ? { kind: "gone" } : { kind: "trouble", problem: "meta_unreachable" };
    }
  }

  async #fetchFrom(graph: PhoneGraph, file: WaitingFile, metaId: string): Promise<Outcome> {
    // An address lives five minutes: where nothing is found at one, a fresh one is asked for, once.
    for (let tried = 0; tried < 2; tried += 1) {
      const facts = await graph.client.mediaFacts(metaId, graph.phoneNumberId);
      const outcome = await this.#fetchAt(graph, file, facts);
      if (outcome.kind !== "gone") return outcome;
    }
    return { kind: "gone" };
  }

  async #fetchAt(graph: PhoneGraph, file: WaitingFile, facts: MediaFacts): Promise<Outcome> {
    const { sizeBytes, mimeType } = facts;
    if (sizeBytes !== null && sizeBytes > LIMIT_BYTES) return { kind: "refused", problem: "too_large" };
    const bucket = mediaBucketOf(this.env);
    if (!bucket) return { kind: "stored", objectKey: null, sizeBytes, mimeType };
    // The webhook was signed, Graph's answer was not.
    const sha256 = readSha256(file.sha256) ?? readSha256(facts.sha256);
    const objectKey = sha256
      ? objectKeyOf(file.organizationId, sha256)
      : `${file.organizationId}/file-${file.id}`;
    const known = sha256 && (await bucket.head(objectKey).catch(() => undefined));
    if (known === undefined) return { kind: "trouble", problem: "storage_unreachable" };
    if (known) return { kind: "stored", objectKey, sizeBytes: known.size, mimeType };
    const opened = await graph.client.openMedia(facts.url, FETCH_LIMIT_MS);
    FAILPOINTS && (await failpoint("media.opened"));
    switch (opened.kind) {
      case "gone":
        return { kind: "gone" };
      case "elsewhere":
        return { kind: "refused", problem: "foreign_address" };
      case "forbidden":
        return { kind: "trouble", problem: "token_refused" };
      case "trouble":
        return { kind: "trouble", problem: "meta_unreachable" };
      case "open":
        return await storeFile(bucket, {
          ...opened,
          objectKey,
          sha256,
          expectedBytes: sizeBytes,
          limitBytes: LIMIT_BYTES,
        });
    }
  }
}

function isGone(error: unknown): boolean {
  if (!(error instanceof GraphError)) return false;
  const { httpStatus, code, subcode } = error;
  return httpStatus === 404 || (code === NO_SUCH_OBJECT.code && subcode === NO_SUCH_OBJECT.subcode);
}
