import { Hono } from "hono";
import type { Simulation } from "./business.ts";
import type { GraphEnv } from "./graph-call.ts";
import { noSuchObject } from "./graph-errors.ts";
import { requirePhone, VERSION } from "./graph-objects.ts";
import { findMedia, saveMedia, sizeOf } from "./media.ts";
import { FILE_PATH, fileAnswer } from "./media-answer.ts";
import { invalid } from "./send-rules.ts";
import { unixSeconds } from "./world.ts";

/** An address of media lives five minutes, and is only read with the token. */
const MEDIA_URL_LIFE_S = 300;
/** As Graph says it of a file that is too large to be fetched. */
const TOO_LARGE_BYTES = 200 * 1024 * 1024;

/**
 * Media: upload, `id` → a short-lived address, and the bytes there. At Meta the address is on another host.
 * Its `id` route gives way to the next one when there is no such media, for all of Graph's objects share
 * `/{id}`.
 */
export function mediaRoutes({ world, faults }: Simulation): Hono<GraphEnv> {
  const isGone = (id: string, of: "url" | "id") =>
    faults.take("expiredMedia", (fault) => (fault.of ?? "url") === of && (fault.id ?? id) === id) !== null;
  const isSaid = (id: string, as: "smallSize" | "largeSize") =>
    faults.take("media", (fault) => fault.as === as && (fault.id ?? id) === id) !== null;
  return new Hono<GraphEnv>()
    .post(`${VERSION}/:id/media`, async (c) => {
      requirePhone(world, c.req.param("id"));
      const form = await c.req.formData().catch(() => null);
      const file = form?.get("file");
      if (form?.get("messaging_product") !== "whatsapp")
        throw invalid("messaging_product", "it must be whatsapp");
      if (!(file instanceof File) || file.size === 0) throw invalid("file", "it must be a file");
      const type = form.get("type");
      const mimeType = typeof type === "string" && type !== "" ? type : file.type;
      const { id } = saveMedia(world, mimeType, await file.bytes());
      return c.json({ id });
    })
    .get(`${VERSION}/:id`, async (c, next) => {
      const id = c.req.param("id");
      const media = findMedia(world, id);
      if (!media) return next();
      if (isGone(id, "id")) throw noSuchObject(id);
      const ends = unixSeconds(world.now()) + MEDIA_URL_LIFE_S;
      const size = isSaid(id, "largeSize") ? TOO_LARGE_BYTES : sizeOf(media);
      return c.json({
        messaging_product: "whatsapp",
        url: `${new URL(c.req.url).origin}${FILE_PATH}?mid=${id}&ext=${ends}`,
        mime_type: media.mimeType,
        sha256: media.sha256,
        file_size: isSaid(id, "smallSize") ? Math.floor(size / 2) : size,
        id,
      });
    })
    .get(FILE_PATH, (c) => {
      const { mid = "", ext = "0" } = c.req.query();
      const media = findMedia(world, mid);
      if (!media || Number(ext) < unixSeconds(world.now()) || isGone(mid, "url"))
        return c.text("Not Found", 404);
      const spoilt = faults.take("media", ({ as, id = mid }) => id === mid && !as.endsWith("Size"));
      return fileAnswer(media, spoilt);
    });
}
