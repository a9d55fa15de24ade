package xyz.openledger.actors.view;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.Json;

/**
 * All jobs that ever were: to find, to list newest first, with their receipts and small outputs.
 */
public final class JobIndex {
  /**
   * Rows looked at for one page, however few fit; the cursor then stands where the search stopped.
   */
  private static final int SCAN_MAX = 10_000;

  private final ViewStore store;

  /** The jobs in {@code store}. */
  public JobIndex(ViewStore store) {
    this.store = store;
  }

  /**
   * A page of jobs.
   *
   * @param cursor for the next page; empty at the end
   */
  public record Page(List<JobRow> rows, String cursor) {}

  /** The job with that id. */
  public Optional<JobRow> row(JobId job) {
    return Optional.ofNullable(store.get(ViewStore.Table.JOBS, ViewStore.key(job.value())))
        .map(bytes -> Json.read(bytes, JobRow.class));
  }

  /** The ids that start with {@code prefix}; up to {@code max}. */
  public List<JobId> startingWith(String prefix, int max) {
    var found = new ArrayList<JobId>();
    byte[] key = ViewStore.key(prefix);
    store.walk(
        ViewStore.Table.JOBS,
        key,
        (id, _) -> {
          boolean fits =
              id.length >= key.length && Arrays.equals(id, 0, key.length, key, 0, key.length);
          if (fits) {
            found.add(JobId.parse(new String(id, StandardCharsets.US_ASCII)));
          }
          return fits && found.size() < max;
        });
    return found;
  }

  /** Jobs that fit, newest first. */
  public Page list(Predicate<JobRow> fits, @Nullable String cursor, int limit) {
    var rows = new ArrayList<JobRow>();
    var last = new byte[1][];
    var scanned = new int[1];
    store.walk(
        ViewStore.Table.JOBS_BY_TIME,
        cursor == null || cursor.isEmpty() ? null : HexFormat.of().parseHex(cursor),
        (key, _) -> {
          if (rows.size() == limit || scanned[0]++ == SCAN_MAX) {
            return false;
          }
          last[0] = key;
          row(job(key)).filter(fits).ifPresent(rows::add);
          return true;
        });
    boolean more = rows.size() == limit || scanned[0] > SCAN_MAX;
    return new Page(
        List.copyOf(rows), more && last[0] != null ? HexFormat.of().formatHex(last[0]) : "");
  }

  /** What was submitted, policy included: the bytes whose digest is in its receipt. */
  public Optional<byte[]> spec(JobId job) {
    return Optional.ofNullable(store.get(ViewStore.Table.SPECS, ViewStore.key(job.value())));
  }

  /** The receipt document, exactly as its digest is in the log. */
  public Optional<byte[]> receipt(JobId job) {
    return Optional.ofNullable(store.get(ViewStore.Table.RECEIPTS, ViewStore.key(job.value())));
  }

  /** An output of up to 16 KiB, if it came with a reveal. */
  public Optional<byte[]> output(Digest digest) {
    return Optional.ofNullable(store.get(ViewStore.Table.OUTPUTS, digest.bytes()));
  }

  /** Takes in what happened. */
  public void apply(ViewStore.Writing writing, JobEvent event) {
    byte[] key = ViewStore.key(event.job().value());
    if (event instanceof JobEvent.Submitted submitted) {
      put(writing, key, JobRow.of(submitted));
      writing.put(ViewStore.Table.SPECS, key, Json.canonical(submitted.spec()));
      writing.put(
          ViewStore.Table.JOBS_BY_TIME, byTime(submitted.atMillis(), submitted.job()), new byte[0]);
      return;
    }
    byte[] known = writing.get(ViewStore.Table.JOBS, key);
    if (known == null) {
      throw new IllegalStateException(event.job() + " changed before it was submitted");
    }
    JobRow row = Json.read(known, JobRow.class);
    put(
        writing,
        key,
        switch (event) {
          case JobEvent.Placed placed -> row.placed(placed);
          case JobEvent.Claimed _ -> row;
          case JobEvent.Committed committed -> row.in("verifying", committed.atMillis());
          case JobEvent.Revealed revealed -> {
            outputs(writing, revealed);
            yield row.in("verifying", revealed.atMillis());
          }
          case JobEvent.Hedged hedged -> row.hedged(hedged);
          case JobEvent.Noticed noticed -> row.noticed(noticed);
          case JobEvent.Preempted over -> row.in("running", over.atMillis());
          case JobEvent.Lost lost -> row.lost(lost);
          case JobEvent.Answered answered -> {
            writing.put(ViewStore.Table.RECEIPTS, key, answered.receipt().canonical());
            yield row.answered(answered);
          }
          case JobEvent.Finished finished -> {
            Receipt receipt = finished.receipt();
            if (receipt != null) {
              writing.put(ViewStore.Table.RECEIPTS, key, receipt.canonical());
            }
            yield row.finished(finished);
          }
          case JobEvent.Settled settled -> row.logged(settled);
          case JobEvent.Submitted again -> throw new IllegalStateException(again.job() + " twice");
        });
  }

  private static void outputs(ViewStore.Writing writing, JobEvent.Revealed revealed) {
    for (JobEvent.Reveal reveal : revealed.reveals()) {
      byte[] output = reveal.output();
      if (output != null) {
        writing.put(ViewStore.Table.OUTPUTS, reveal.outcome().outputDigest().bytes(), output);
      }
    }
  }

  private static void put(ViewStore.Writing writing, byte[] key, JobRow row) {
    writing.put(ViewStore.Table.JOBS, key, Json.write(row));
  }

  private static byte[] byTime(long millis, JobId job) {
    byte[] id = ViewStore.key(job.value());
    return ByteBuffer.allocate(Long.BYTES + id.length)
        .putLong(Long.MAX_VALUE - millis)
        .put(id)
        .array();
  }

  private static JobId job(byte[] byTime) {
    return JobId.parse(
        new String(byTime, Long.BYTES, byTime.length - Long.BYTES, StandardCharsets.US_ASCII));
  }
}
