package xyz.openledger.cluster.http;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What HTTP counts, in the Prometheus text format. Labels are operations and statuses: bounded. */
final class HttpMetrics {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Map<Series, Count> requests = new ConcurrentHashMap<>();
  private final LongAdder inWork = new LongAdder();
  private final LongAdder eventClients = new LongAdder();

  private record Series(String operation, int status) {}

  private record Count(LongAdder requests, LongAdder nanos) {}

  LongAdder inWork() {
    return inWork;
  }

  LongAdder eventClients() {
    return eventClients;
  }

  /** Counts an answer; {@code operation} is one that is documented, or "none". */
  void answered(String operation, int status, long nanos) {
    Count count =
        requests.computeIfAbsent(
            new Series(operation, status), _ -> new Count(new LongAdder(), new LongAdder()));
    count.requests().increment();
    count.nanos().add(nanos);
  }

  String text(long blobBytes) {
    var text = new StringBuilder(2_048);
    var counts = new TreeMap<String, Count>();
    requests.forEach(
        (series, count) ->
            counts.put(
                "{operation=\"%s\",status=\"%d\"}".formatted(series.operation(), series.status()),
                count));
    header(text, "openledger_http_requests_total", "counter", "Requests answered");
    counts.forEach(
        (labels, count) ->
            line(text, "openledger_http_requests_total" + labels, count.requests().sum()));
    header(text, "openledger_http_request_seconds_total", "counter", "Time until the answer");
    counts.forEach(
        (labels, count) ->
            text.append("openledger_http_request_seconds_total")
                .append(labels)
                .append(
                    String.format(Locale.ROOT, " %.6f%n", count.nanos().sum() / NANOS_PER_SECOND)));
    header(text, "openledger_http_requests_in_work", "gauge", "Requests not answered yet");
    line(text, "openledger_http_requests_in_work", inWork.sum());
    header(text, "openledger_http_event_clients", "gauge", "Open event streams");
    line(text, "openledger_http_event_clients", eventClients.sum());
    header(text, "openledger_blob_bytes", "gauge", "Length of all stored blobs");
    line(text, "openledger_blob_bytes", blobBytes);
    return text.toString();
  }

  private static void header(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String series, long value) {
    text.append(series).append(' ').append(value).append('\n');
  }
}
