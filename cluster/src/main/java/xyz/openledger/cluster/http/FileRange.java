package xyz.openledger.cluster.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.protocol.Digest;

/** Part of a stored blob as a stream, read as fast as the reader takes it. */
final class FileRange {
  private static final int CHUNK_BYTES = 64 << 10;

  private final FileChannel file;
  private long left;

  private FileRange(FileChannel file, long left) {
    this.file = file;
    this.left = left;
  }

  /** Runs on the dispatcher for blocking work. */
  static Source<ByteString, NotUsed> source(BlobStore store, Digest digest, ByteRange range) {
    return Source.unfoldResource(
        () -> open(store, digest, range), FileRange::next, part -> part.file.close());
  }

  private static FileRange open(BlobStore store, Digest digest, ByteRange range)
      throws IOException {
    var file =
        store.open(digest).orElseThrow(() -> new IOException(digest + " is no longer stored"));
    return new FileRange(file.position(range.first()), range.length());
  }

  private Optional<ByteString> next() throws IOException {
    if (left == 0) {
      return Optional.empty();
    }
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, left)];
    int read = file.read(ByteBuffer.wrap(chunk));
    if (read < 0) {
      throw new IOException("the blob is shorter than it was");
    }
    left -= read;
    return Optional.of(ByteString.fromArray(chunk, 0, read));
  }
}
