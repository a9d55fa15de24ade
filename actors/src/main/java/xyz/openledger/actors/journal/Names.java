package xyz.openledger.actors.journal;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.GetOp;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/**
 * Short numbers for long names: keys hold eight bytes instead of a persistence id or a tag.
 *
 * <pre>
 *   names     kind, name (UTF-8)  →  checksum, number, deletedTo, highest at deletion
 *   numbers   kind, number        →  checksum, name
 * </pre>
 *
 * Numbers count up from 1 in the order in which names are first seen, so that a reader that knows
 * the last one finds the new ones. Checksums cover key and value: a damaged entry never leads one
 * actor to another's events. Stateless; safe for any thread.
 */
final class Names {
  /** Bytes of a name in UTF-8; LMDB's keys end at 511. */
  static final int NAME_BYTES_MAX = 500;

  private static final int ENTRY_BYTES = Integer.BYTES + 3 * Long.BYTES;

  enum Kind {
    PERSISTENCE_ID('p', "persistence id"),
    TAG('t', "tag");

    private final byte letter;
    private final String noun;

    Kind(char letter, String noun) {
      this.letter = (byte) letter;
      this.noun = noun;
    }
  }

  /**
   * What is known of a name.
   *
   * @param deletedTo events up to this sequence number are deleted
   * @param highest the highest sequence number when events were last deleted
   */
  record Entry(long number, long deletedTo, long highest) {}

  private final Dbi<DirectBuffer> names;
  private final Dbi<DirectBuffer> numbers;

  Names(LmdbDirectory directory) {
    this.names = directory.table("names");
    this.numbers = directory.table("numbers");
  }

  /** Checks that a name can be kept. */
  static void require(Kind kind, String name) {
    if (!name.isEmpty() && name.length() <= NAME_BYTES_MAX / 3) {
      return; // a character takes at most three bytes
    }
    int bytes = name.getBytes(UTF_8).length;
    if (bytes == 0 || bytes > NAME_BYTES_MAX) {
      throw new JournalException.Refused(
          "%s \"%.40s\" has %d bytes, allowed are 1 to %d"
              .formatted(kind.noun, name, bytes, NAME_BYTES_MAX));
    }
  }

  @Nullable Entry find(Txn<DirectBuffer> txn, Kind kind, String name) {
    var key = key(kind, name);
    var value = names.get(txn, Scratch.ofThread().key(key));
    if (value == null) {
      return null;
    }
    if (value.capacity() != ENTRY_BYTES) {
      throw corrupt(kind, name, value.capacity() + " bytes instead of " + ENTRY_BYTES);
    }
    var fields = new byte[ENTRY_BYTES - Integer.BYTES];
    value.getBytes(Integer.BYTES, fields);
    if (checksum(key, fields) != value.getInt(0, LITTLE_ENDIAN)) {
      throw corrupt(kind, name, "checksum of its entry differs");
    }
    var in = ByteBuffer.wrap(fields);
    return new Entry(in.getLong(), in.getLong(), in.getLong());
  }

  /** Gives a new name the next number. */
  Entry create(Txn<DirectBuffer> txn, Kind kind, String name) {
    var entry = new Entry(last(txn, kind) + 1, 0, 0);
    put(txn, kind, name, entry);
    var key = key(kind, entry.number());
    var text = name.getBytes(UTF_8);
    write(numbers, txn, key, text);
    return entry;
  }

  void put(Txn<DirectBuffer> txn, Kind kind, String name, Entry entry) {
    var key = key(kind, name);
    var fields =
        ByteBuffer.allocate(ENTRY_BYTES - Integer.BYTES)
            .putLong(entry.number())
            .putLong(entry.deletedTo())
            .putLong(entry.highest())
            .array();
    write(names, txn, key, fields);
  }

  /** The name behind a number that a record holds. */
  String name(Txn<DirectBuffer> txn, Kind kind, long number) {
    var key = key(kind, number);
    var value = numbers.get(txn, Scratch.ofThread().key(key));
    if (value == null) {
      throw corrupt(kind, "number " + number, "it has no name");
    }
    return name(kind, key, value);
  }

  /** A name and its number. */
  record Numbered(long number, String name) {}

  /** Names in the order of their numbers, above the given one, at most {@code limit}. */
  List<Numbered> after(Txn<DirectBuffer> txn, Kind kind, long number, int limit) {
    var found = new ArrayList<Numbered>();
    try (var cursor = numbers.openCursor(txn)) {
      boolean more = cursor.get(Scratch.ofThread().key(key(kind, number + 1)), GetOp.MDB_SET_RANGE);
      while (more && found.size() < limit && cursor.key().getByte(0) == kind.letter) {
        long next = cursor.key().getLong(1, BIG_ENDIAN);
        found.add(new Numbered(next, name(kind, key(kind, next), cursor.val())));
        more = cursor.seek(SeekOp.MDB_NEXT);
      }
    }
    return found;
  }

  private long last(Txn<DirectBuffer> txn, Kind kind) {
    try (var cursor = numbers.openCursor(txn)) {
      // The place after the last of this kind, then one back.
      boolean beyond =
          cursor.get(Scratch.ofThread().key(key(kind, Long.MAX_VALUE)), GetOp.MDB_SET_RANGE);
      boolean any = beyond ? cursor.prev() : cursor.last();
      boolean same = any && cursor.key().getByte(0) == kind.letter;
      return same ? cursor.key().getLong(1, BIG_ENDIAN) : 0;
    }
  }

  private static String name(Kind kind, byte[] key, DirectBuffer value) {
    if (value.capacity() <= Integer.BYTES) {
      throw corrupt(kind, "of a number", "only " + value.capacity() + " bytes");
    }
    var text = new byte[value.capacity() - Integer.BYTES];
    value.getBytes(Integer.BYTES, text);
    if (checksum(key, text) != value.getInt(0, LITTLE_ENDIAN)) {
      throw corrupt(kind, new String(text, UTF_8), "checksum of its number differs");
    }
    return new String(text, UTF_8);
  }

  private static byte[] key(Kind kind, String name) {
    var text = name.getBytes(UTF_8);
    return ByteBuffer.allocate(1 + text.length).put(kind.letter).put(text).array();
  }

  private static byte[] key(Kind kind, long number) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(kind.letter).putLong(number).array();
  }

  private static void write(
      Dbi<DirectBuffer> table, Txn<DirectBuffer> txn, byte[] key, byte[] value) {
    var checked =
        ByteBuffer.allocate(Integer.BYTES + value.length)
            .order(LITTLE_ENDIAN)
            .putInt(checksum(key, value))
            .put(value)
            .array();
    var scratch = Scratch.ofThread();
    table.put(txn, scratch.key(key), scratch.value(checked));
  }

  private static int checksum(byte[] key, byte[] value) {
    var checksum = new CRC32C();
    checksum.update(key, 0, key.length);
    checksum.update(value, 0, value.length);
    return (int) checksum.getValue();
  }

  private static JournalException.Corrupt corrupt(Kind kind, String name, String what) {
    return new JournalException.Corrupt(kind.noun + " " + name, what);
  }
}
