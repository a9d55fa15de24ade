package xyz.openledger.protocol.client;

import java.net.URI;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.api.Readiness;
import xyz.openledger.protocol.api.Version;

/**
 * A member of an OpenLedger network, called over HTTP.
 *
 * <pre>{@code
 * var client = OpenLedgerClient.connect(URI.create("http://127.0.0.1:7400"), token);
 * var job = JobFile.read(Path.of("examples/hello/job.json"));
 * job.upload(client.blobs(), file -> {});
 * var submitted = client.jobs().submit(job.spec());
 * var finished = client.jobs().await(submitted.job().value(), Duration.ofMinutes(1), job -> {});
 * byte[] output = client.jobs().output(finished.job().id().value(), 0);
 * }</pre>
 *
 * <p>Calls block and may be made from any number of threads. Each is tried again on a broken link,
 * 429 and 503, as {@link ClientSettings} say; what brings no answer throws a {@link
 * ClientException}. Wherever an id is asked for, a unique prefix does.
 */
public final class OpenLedgerClient {
  private final Exchange exchange;
  private final BlobClient blobs;
  private final JobClient jobs;
  private final NetworkClient network;
  private final ReceiptClient receipts;
  private final AccountClient accounts;
  private final EventClient events;
  private final ModelClient models;
  private final TuningClient tunings;

  private OpenLedgerClient(ClientSettings settings) {
    this.exchange = new Exchange(settings);
    this.blobs = new BlobClient(exchange);
    this.jobs = new JobClient(exchange);
    this.network = new NetworkClient(exchange);
    this.receipts = new ReceiptClient(exchange);
    this.accounts = new AccountClient(exchange);
    this.events = new EventClient(exchange);
    this.models = new ModelClient(exchange);
    this.tunings = new TuningClient(exchange);
  }

  /** A client of the member at {@code url}; opens no connection yet. */
  public static OpenLedgerClient connect(URI url, @Nullable String token) {
    return connect(ClientSettings.of(url, token));
  }

  /** A client with settings of one's own; opens no connection yet. */
  public static OpenLedgerClient connect(ClientSettings settings) {
    return new OpenLedgerClient(settings);
  }

  /** Where the member is. */
  public URI url() {
    return exchange.settings().url();
  }

  /** Programs, inputs and outputs by their digest. */
  public BlobClient blobs() {
    return blobs;
  }

  /** What requesters ask for. */
  public JobClient jobs() {
    return jobs;
  }

  /** Nodes, pools, and how machines join them. */
  public NetworkClient network() {
    return network;
  }

  /** What is left of a job for anyone to check. */
  public ReceiptClient receipts() {
    return receipts;
  }

  /** What requesters pay and contributors earn. */
  public AccountClient accounts() {
    return accounts;
  }

  /** What changes, as it changes. */
  public EventClient events() {
    return events;
  }

  /** Language models that the network serves. */
  public ModelClient models() {
    return models;
  }

  /** Trainings of adapters. */
  public TuningClient tunings() {
    return tunings;
  }

  /** What runs there. */
  public Version version() {
    return Call.get(exchange, "/version", Version.class);
  }

  /** Whether work is taken there; asked once. */
  public Readiness readiness() {
    HttpResponse<byte[]> response = exchange.sendOnce(exchange.request("/ready").build());
    int status = response.statusCode();
    if (status == 200 || status == 503) {
      return Answers.read(response.body(), Readiness.class);
    }
    throw new MemberRefusal(Answers.problem(status, response.body()));
  }
}
