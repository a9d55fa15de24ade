package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.blob.Blob;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.Operation.Pace;
import xyz.openledger.cluster.http.api.JobOutput;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** Blobs in and out. The disk is waited for on threads of {@code disk}, never on an actor's. */
final class BlobRoutes {
  private static final String BLOBS = "/api/v1/blobs";

  /** Up to this length a blob is answered from memory. */
  private static final int STRICT_BYTES_MAX = 64 << 10;

  private final BlobStore store;
  private final Executor disk;
  private final Room uploads;
  private final Duration bodyTimeout;

  BlobRoutes(BlobStore store, Executor disk, Room uploads, Duration bodyTimeout) {
    this.store = store;
    this.disk = disk;
    this.uploads = uploads;
    this.bodyTimeout = bodyTimeout;
  }

  List<Operation> operations() {
    String blob = BLOBS + "/{digest}";
    return List.of(
        post("addBlob", BLOBS, Scope.BLOBS_WRITE, KeyRule.OPTIONAL, call -> store(call, null))
            .at(Pace.UPLOAD),
        get("putBlob", blob, Scope.BLOBS_WRITE, call -> store(call, digest(call)))
            .by("PUT")
            .at(Pace.UPLOAD),
        get("getBlob", blob, Scope.BLOBS_READ, this::read),
        get("headBlob", blob, Scope.BLOBS_READ, this::head).by("HEAD"));
  }

  private CompletionStage<HttpResponse> store(Call call, @Nullable Digest expected) {
    var entity = call.request().entity();
    entity
        .getContentLengthOption()
        .ifPresent(
            length -> {
              if (length > store.blobBytesMax()) {
                throw Call.tooLarge(length, store.blobBytesMax());
              }
            });
    String payer = call.principal().payer();
    if (!uploads.enter(payer)) {
      throw new ProblemException(
          Problem.TOO_MANY_REQUESTS,
          "",
          "as many uploads as are allowed, of all or of this tenant, are under way");
    }
    return CompletableFuture.supplyAsync(() -> store(call, entity, expected), disk)
        .whenComplete((_, _) -> uploads.leave(payer))
        .thenApply(blob -> Replies.created(BLOBS + "/" + blob.digest(), blob));
  }

  private Blob store(Call call, HttpEntity entity, @Nullable Digest expected) {
    if (entity instanceof HttpEntity.Strict strict && expected == null) {
      return store.put(strict.getData().toArray(), call.principal().tenant());
    }
    try (InputStream content =
        entity
            .withoutSizeLimit()
            .getDataBytes()
            .runWith(StreamConverters.asInputStream(bodyTimeout), call.materializer())) {
      return store.put(content, expected, call.principal().tenant());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private CompletionStage<HttpResponse> head(Call call) {
    Digest digest = digest(call);
    return CompletableFuture.supplyAsync(() -> store.find(digest), disk)
        .thenApply(
            found ->
                described(found.orElseThrow(() -> absent(digest)))
                    .withEntity(
                        HttpEntities.create(
                            ContentTypes.APPLICATION_OCTET_STREAM,
                            found.orElseThrow().bytes(),
                            Source.empty())));
  }

  private CompletionStage<HttpResponse> read(Call call) {
    Digest digest = digest(call);
    return CompletableFuture.supplyAsync(() -> stored(call, digest), disk);
  }

  /** Answers a task's output, wherever it is kept. */
  CompletionStage<HttpResponse> answer(Call call, JobOutput output) {
    byte[] content = output.content();
    return content == null
        ? CompletableFuture.supplyAsync(() -> stored(call, output.digest()), disk)
        : CompletableFuture.completedFuture(strict(call, output.digest(), content));
  }

  private HttpResponse stored(Call call, Digest digest) {
    Blob blob = store.find(digest).orElseThrow(() -> absent(digest));
    if (blob.bytes() <= STRICT_BYTES_MAX) {
      return strict(call, digest, store.read(digest).orElseThrow(() -> absent(digest)));
    }
    var range = range(call, blob.bytes());
    return ranged(
        blob,
        range,
        () ->
            HttpEntities.create(
                ContentTypes.APPLICATION_OCTET_STREAM,
                range.length(),
                FileRange.source(store, digest, range)));
  }

  private static HttpResponse strict(Call call, Digest digest, byte[] content) {
    var range = range(call, content.length);
    return ranged(
        new Blob(digest, content.length),
        range,
        () ->
            HttpEntities.create(
                ContentTypes.APPLICATION_OCTET_STREAM,
                ByteString.fromArray(content, (int) range.first(), (int) range.length())));
  }

  private static HttpResponse ranged(
      Blob blob, ByteRange range, Supplier<? extends ResponseEntity> entity) {
    if (!range.satisfiable()) {
      return unsatisfiable(range);
    }
    HttpResponse response = described(blob).withEntity(entity.get());
    return range.part()
        ? response
            .withStatus(206)
            .addHeader(RawHeader.create("Content-Range", range.contentRange()))
        : response;
  }

  private static HttpResponse unsatisfiable(ByteRange range) {
    var refused =
        Refusals.document(
            Problem.INVALID_REQUEST, "Range", "there are %d bytes".formatted(range.total()), null);
    return Replies.problem(refused)
        .withStatus(416)
        .addHeader(RawHeader.create("Content-Range", range.contentRange()));
  }

  private static HttpResponse described(Blob blob) {
    return HttpResponse.create()
        .addHeader(RawHeader.create("ETag", "\"" + blob.digest() + "\""))
        .addHeader(RawHeader.create("Accept-Ranges", "bytes"))
        .addHeader(RawHeader.create("Cache-Control", "private, max-age=31536000, immutable"))
        .addHeader(RawHeader.create("X-Content-Type-Options", "nosniff"));
  }

  private static ByteRange range(Call call, long total) {
    return ByteRange.of(call.header("Range").orElse(""), total);
  }

  private static Digest digest(Call call) {
    return Digest.parse(call.part("digest"));
  }

  private static ProblemException absent(Digest digest) {
    return new ProblemException(Problem.NOT_FOUND, "digest", "no blob " + digest + " is stored");
  }
}
