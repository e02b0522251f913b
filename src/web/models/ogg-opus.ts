import {
  BlobSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  Input,
  OggOutputFormat,
  Output,
  WEBM,
} from "mediabunny";

/**
 * The Opus packets of a WebM recording in an Ogg file, as they are: encoding them anew would cost quality, and with another rate
 * than 48 kHz write a wrong pre-skip. Throws when there is no audio in it.
 */
export async function toOggOpus(webm: Blob): Promise<Blob> {
  const input = new Input({ formats: [WEBM], source: new BlobSource(webm) });
  const track = await input.getPrimaryAudioTrack();
  const decoderConfig = await track?.getDecoderConfig();
  if (!track || !decoderConfig) throw new Error("The recording is empty.");
  const target = new BufferTarget();
  const output = new Output({ format: new OggOutputFormat(), target });
  const packets = new EncodedAudioPacketSource("opus");
  output.addAudioTrack(packets);
  await output.start();
  for await (const packet of new EncodedPacketSink(track).packets())
    await packets.add(packet, { decoderConfig });
  await output.finalize();
  if (!target.buffer) throw new Error("The recording is empty.");
  return new Blob([target.buffer], { type: "audio/ogg" });
}
