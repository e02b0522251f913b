UPDATE "SearchBackfill" SET "beforeMessageId" = coalesce((SELECT max(id) + 1 FROM "Message"), 0);
