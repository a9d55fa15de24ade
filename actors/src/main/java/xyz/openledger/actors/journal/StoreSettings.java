package xyz.openledger.actors.journal;

import com.typesafe.config.Config;
import java.nio.file.Path;

/**
 * Where one LMDB store lies and how far it may go. Read from {@code openledger.journal} or {@code
 * openledger.snapshots}, whose {@code reference.conf} explains each setting.
 *
 * @param path configuration path the settings came from, for error messages
 * @param bytesMax bytes of live data
 * @param recordBytesMax bytes of one serialized event or snapshot
 * @param waitingWritesMax writes in the queue before the writer
 * @param waitingBytesMax bytes in that queue
 * @param commitWritesMax writes in one transaction
 * @param commitBytesMax bytes in one transaction
 * @param pageRecordsMax records read in one read transaction
 * @param pageBytesMax bytes read in one read transaction
 */
record StoreSettings(
    String path,
    Path directory,
    long bytesMax,
    int recordBytesMax,
    int waitingWritesMax,
    long waitingBytesMax,
    int commitWritesMax,
    long commitBytesMax,
    int pageRecordsMax,
    long pageBytesMax) {

  StoreSettings {
    requireAtLeast(path, "bytes-max", bytesMax, 1 << 20);
    requireAtLeast(path, "record-bytes-max", recordBytesMax, 1024);
    requireAtLeast(path, "queue.writes-max", waitingWritesMax, 1);
    requireAtLeast(path, "queue.bytes-max", waitingBytesMax, recordBytesMax);
    requireAtLeast(path, "commit.writes-max", commitWritesMax, 1);
    requireAtLeast(path, "commit.bytes-max", commitBytesMax, 1);
    requireAtLeast(path, "page.records-max", pageRecordsMax, 1);
    requireAtLeast(path, "page.bytes-max", pageBytesMax, 1);
  }

  static StoreSettings from(Config root, String path) {
    var config = root.getConfig(path);
    return new StoreSettings(
        path,
        Path.of(config.getString("directory")).toAbsolutePath().normalize(),
        config.getBytes("bytes-max"),
        Math.toIntExact(config.getBytes("record-bytes-max")),
        config.getInt("queue.writes-max"),
        config.getBytes("queue.bytes-max"),
        config.getInt("commit.writes-max"),
        config.getBytes("commit.bytes-max"),
        config.getInt("page.records-max"),
        config.getBytes("page.bytes-max"));
  }

  private static void requireAtLeast(String path, String key, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s.%s must be at least %d: %d".formatted(path, key, least, value));
    }
  }
}
