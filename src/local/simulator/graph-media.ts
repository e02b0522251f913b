import { Hono } from "hono";
import type { Simulation } from "./business.ts";
import type { GraphEnv } from "./graph-call.ts";
import { noSuchObject } from "./graph-errors.ts";
import { requirePhone } from "./graph-nodes.ts";
import { findMedia, saveMedia, sizeOf } from "./media.ts";
import { FILE_PATH, fileResponse } from "./media-response.ts";
import { invalid } from "./send-rules.ts";
import { unixSeconds } from "./world.ts";

/** A media URL is valid for five minutes, and requires the token. */
const MEDIA_URL_LIFETIME_S = 300;
/** The reported size of a file that is too large to fetch. */
const TOO_LARGE_BYTES = 200 * 1024 * 1024;

/**
 * Media: the upload, `/{id}` with a short-lived URL, the deletion, and the bytes at that URL (which Meta serves from another host). All
 * objects of Graph share `/{id}`, so the route calls `next()` when the id is not one of media.
 */
export function mediaRoutes({ world, faults }: Simulation): Hono<GraphEnv> {
  const isExpired = (id: string, of: "url" | "id") =>
    faults.consume("expiredMedia", (fault) => (fault.of ?? "url") === of && (fault.id ?? id) === id) !== null;
  const misreports = (id: string, as: "smallSize" | "largeSize") =>
    faults.consume("media", (fault) => fault.as === as && (fault.id ?? id) === id) !== null;
  return new Hono<GraphEnv>()
    .post("/:id/media", async (c) => {
      requirePhone(world, c.req.param("id"));
      const form = await c.req.formData().catch(() => null);
      const file = form?.get("file");
      const { messaging_product, type } = c.get("call").body;
      if (messaging_product !== "whatsapp") throw invalid("messaging_product", "it must be whatsapp");
      if (!(file instanceof File) || file.size === 0) throw invalid("file", "it must be a file");
      const mimeType = typeof type === "string" && type !== "" ? type : file.type;
      const { id } = saveMedia(world, mimeType, await file.bytes());
      return c.json({ id });
    })
    .delete("/:id", (c, next) => {
      const id = c.req.param("id");
      if (!findMedia(world, id)) return next();
      world.journal.remove("media", id);
      return Promise.resolve(c.json({ success: true }));
    })
    .get("/:id", async (c, next) => {
      const id = c.req.param("id");
      const media = findMedia(world, id);
      if (!media) return next();
      if (isExpired(id, "id")) throw noSuchObject(id);
      const expiresAt = unixSeconds(world.now()) + MEDIA_URL_LIFETIME_S;
      const size = misreports(id, "largeSize") ? TOO_LARGE_BYTES : sizeOf(media);
      return c.json({
        messaging_product: "whatsapp",
        url: `${new URL(c.req.url).origin}${FILE_PATH}?mid=${id}&ext=${expiresAt}`,
        mime_type: media.mimeType,
        sha256: media.sha256,
        file_size: misreports(id, "smallSize") ? Math.floor(size / 2) : size,
        id,
      });
    })
    .get(FILE_PATH, (c) => {
      const { mid = "", ext = "0" } = c.req.query();
      const media = findMedia(world, mid);
      if (!media || Number(ext) < unixSeconds(world.now()) || isExpired(mid, "url"))
        return c.text("Not Found", 404);
      const fault = faults.consume("media", ({ as, id = mid }) => id === mid && !as.endsWith("Size"));
      return fileResponse(media, fault);
    });
}
