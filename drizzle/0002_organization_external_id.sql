ALTER TABLE "Organization" ADD COLUMN "externalId" text;--> statement-breakpoint
ALTER TABLE "Organization" ADD CONSTRAINT "Organization_externalId_unique" UNIQUE("externalId");