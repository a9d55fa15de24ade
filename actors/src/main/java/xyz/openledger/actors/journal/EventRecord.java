package xyz.openledger.actors.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one event, little-endian:
 *
 * <pre>
 *    0  int   CRC-32C of everything that follows
 *    4  byte  version, 1
 *    5  byte  flags: 1 the writer is a UUID, 2 metadata follows the event
 *    6  short number of tags
 *    8  long  offset
 *   16  long  persistence number
 *   24  long  sequence number
 *   32  long  previous sequence number of the same persistence id
 *   40  long  timestamp, ms since 1970
 *   48  long, long                  tags: a number each
 *    …  UUID or short + text        writer
 *    …  short + text                adapter manifest
 *    …  int, int, short + text      serializer, length of the event, serializer manifest
 *    …  int, int, short + text      the same of the metadata, when there is one
 *    …  event, metadata
 * </pre>
 *
 * The offset and both sequence numbers stand inside the checksum, so that a record found under a
 * wrong key, and a missing one before it, are both noticed. One instance serves one thread.
 */
@SuppressWarnings("ByteBufferBackingArray") // every buffer here wraps a whole array
final class EventRecord {
  static final byte VERSION = 1;

  private static final int CHECKSUM_BYTES = Integer.BYTES;
  private static final int WRITER_IS_UUID = 1;
  private static final int HAS_METADATA = 2;
  private static final int TAGS_AT = 48;

  private final CRC32C checksum = new CRC32C();
  private ByteBuffer head = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * Lays out everything before the event's own bytes.
   *
   * @return bytes of the whole record, to be reserved for {@link #write}
   */
  int prepare(
      NewEvent event, long offset, long persistenceNumber, long previous, long[] tagNumbers) {
    var metadata = event.metadata();
    ensureHead(event, tagNumbers.length);
    var writer = event.writerUuid();
    boolean uuid = isUuid(writer);
    head.clear().putInt(0).put(VERSION);
    head.put((byte) ((uuid ? WRITER_IS_UUID : 0) | (metadata != null ? HAS_METADATA : 0)));
    head.putShort((short) tagNumbers.length);
    head.putLong(offset).putLong(persistenceNumber).putLong(event.sequenceNumber());
    head.putLong(previous).putLong(event.timestampMillis());
    for (long tag : tagNumbers) {
      head.putLong(tag);
    }
    if (uuid) {
      var parsed = UUID.fromString(writer);
      head.putLong(parsed.getMostSignificantBits()).putLong(parsed.getLeastSignificantBits());
    } else {
      putText(writer);
    }
    putText(event.adapterManifest());
    putHead(event.event());
    if (metadata != null) {
      putHead(metadata);
    }
    int metadataBytes = metadata == null ? 0 : metadata.bytes().length;
    return head.position() + event.event().bytes().length + metadataBytes;
  }

  /** Writes what {@link #prepare} laid out, then the event: its bytes are copied this once. */
  void write(NewEvent event, MutableDirectBuffer to) {
    var bytes = event.event().bytes();
    var metadata = event.metadata();
    int headBytes = head.position();
    checksum.reset();
    checksum.update(head.array(), CHECKSUM_BYTES, headBytes - CHECKSUM_BYTES);
    checksum.update(bytes, 0, bytes.length);
    if (metadata != null) {
      checksum.update(metadata.bytes(), 0, metadata.bytes().length);
      to.putBytes(headBytes + bytes.length, metadata.bytes());
    }
    head.putInt(0, (int) checksum.getValue());
    to.putBytes(0, head.array(), 0, headBytes);
    to.putBytes(headBytes, bytes);
  }

  /**
   * Reads a record.
   *
   * @param persistenceIds the name behind a persistence number
   * @throws JournalException.Corrupt when it is not as it was written
   */
  StoredEvent read(long offset, DirectBuffer from, LongFunction<String> persistenceIds) {
    var bytes = new byte[from.capacity()];
    from.getBytes(0, bytes);
    var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      if (bytes.length < TAGS_AT) {
        throw corrupt(offset, "only " + bytes.length + " bytes");
      }
      verify(offset, in);
      return read(in, persistenceIds);
    } catch (BufferUnderflowException | NegativeArraySizeException malformed) {
      throw corrupt(offset, "lengths do not add up: " + malformed);
    }
  }

  private void verify(long offset, ByteBuffer in) {
    checksum.reset();
    checksum.update(in.array(), CHECKSUM_BYTES, in.capacity() - CHECKSUM_BYTES);
    if ((int) checksum.getValue() != in.getInt(0)) {
      throw corrupt(offset, "checksum differs");
    }
    if (in.get(4) != VERSION) {
      throw corrupt(offset, "version %d, not %d".formatted(in.get(4), VERSION));
    }
    if (in.getLong(8) != offset) {
      throw corrupt(offset, "it belongs to offset " + in.getLong(8));
    }
  }

  private static StoredEvent read(ByteBuffer in, LongFunction<String> persistenceIds) {
    int flags = in.get(5);
    var tags = new long[Short.toUnsignedInt(in.getShort(6))];
    in.position(TAGS_AT);
    for (int i = 0; i < tags.length; i++) {
      tags[i] = in.getLong();
    }
    var writer =
        (flags & WRITER_IS_UUID) != 0
            ? new UUID(in.getLong(), in.getLong()).toString()
            : getText(in);
    var adapterManifest = getText(in);
    var event = getHead(in);
    var metadata = (flags & HAS_METADATA) != 0 ? getHead(in) : null;
    in.get(event.bytes());
    if (metadata != null) {
      in.get(metadata.bytes());
    }
    return new StoredEvent(
        in.getLong(8),
        persistenceIds.apply(in.getLong(16)),
        in.getLong(16),
        in.getLong(24),
        in.getLong(32),
        in.getLong(40),
        adapterManifest,
        writer,
        tags,
        event,
        metadata);
  }

  private static boolean isUuid(String text) {
    if (text.length() != 36) {
      return false;
    }
    try {
      return UUID.fromString(text).toString().equals(text);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private void putHead(Serialized object) {
    head.putInt(object.serializerId()).putInt(object.bytes().length);
    putText(object.manifest());
  }

  private static Serialized getHead(ByteBuffer in) {
    int serializerId = in.getInt();
    int length = in.getInt();
    var manifest = getText(in);
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    return new Serialized(serializerId, manifest, new byte[length]);
  }

  private void putText(String text) {
    var bytes = text.getBytes(UTF_8);
    head.putShort((short) bytes.length).put(bytes);
  }

  private static String getText(ByteBuffer in) {
    int length = Short.toUnsignedInt(in.getShort());
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    var text = new String(in.array(), in.position(), length, UTF_8);
    in.position(in.position() + length);
    return text;
  }

  private void ensureHead(NewEvent event, int tags) {
    int texts =
        event.writerUuid().length()
            + event.adapterManifest().length()
            + event.event().manifest().length()
            + manifestLength(event.metadata());
    // A character takes at most three bytes of UTF-8.
    int bytes = TAGS_AT + tags * Long.BYTES + 64 + 3 * texts;
    if (bytes > head.capacity()) {
      head = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static int manifestLength(@Nullable Serialized object) {
    return object == null ? 0 : object.manifest().length();
  }

  private static JournalException.Corrupt corrupt(long offset, String what) {
    return new JournalException.Corrupt("the event at offset " + offset, what);
  }
}
