package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.files.StoredFile;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.blob.Held;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.Operation.Pace;
import xyz.openledger.cluster.http.api.FilesApi;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.cluster.openai.OpenAiRefusal;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/** The files of the OpenAI API: kept for a tenant, their content in the blob store. */
final class OpenAiFiles {
  /** The most bytes of one file, which is held in memory while it arrives. */
  static final int FILE_BYTES_MAX = 16 << 20;

  private static final int FORM_BYTES_MAX = FILE_BYTES_MAX + (64 << 10);
  private static final int LIST_MAX = 1_000;
  private static final Pattern PURPOSE = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

  private final FilesApi files;
  private final BlobStore blobs;
  private final Executor disk;
  private final Room uploads;
  private final Duration uploadTimeout;

  private final FileContents contents;

  OpenAiFiles(
      FilesApi files,
      BlobStore blobs,
      FileContents contents,
      Executor disk,
      Room uploads,
      Duration uploadTimeout) {
    this.files = files;
    this.contents = contents;
    this.blobs = blobs;
    this.disk = disk;
    this.uploads = uploads;
    this.uploadTimeout = uploadTimeout;
  }

  List<Operation> operations() {
    String file = "/v1/files/{file}";
    return List.of(
        post("openAiUpload", "/v1/files", Scope.JOBS_WRITE, KeyRule.OPTIONAL, this::upload)
            .at(Pace.UPLOAD),
        get("openAiFiles", "/v1/files", Scope.JOBS_READ, this::list)
            .query("purpose", "after", "limit", "order"),
        get("openAiFile", file, Scope.JOBS_READ, call -> found(call, OpenAiFiles::ok)),
        get(
            "openAiFileContent",
            file + "/content",
            Scope.JOBS_READ,
            call -> found(call, this::content)),
        get("openAiDeleteFile", file, Scope.JOBS_WRITE, this::delete).by("DELETE"));
  }

  private CompletionStage<HttpResponse> upload(Call call) {
    var tenant = call.principal().ownTenant();
    var entity = call.request().entity();
    entity
        .getContentLengthOption()
        .ifPresent(
            length -> {
              if (length > FORM_BYTES_MAX) {
                throw Call.tooLarge(length, FORM_BYTES_MAX);
              }
            });
    String payer = call.principal().payer();
    if (!uploads.enter(payer)) {
      throw new ProblemException(
          Problem.TOO_MANY_REQUESTS,
          "",
          "as many uploads as are allowed, of all or of this tenant, are under way");
    }
    long now = System.currentTimeMillis();
    String id =
        id("file-", call.header("Idempotency-Key").map(key -> tenant + "/" + key).orElse(null));
    // Read to its end first: a body that is left in the middle costs its connection.
    return entity
        .withSizeLimit(FORM_BYTES_MAX)
        .toStrict(uploadTimeout.toMillis(), FORM_BYTES_MAX, call.materializer())
        .thenCompose(
            body -> Unmarshaller.entityToMultipartFormData().unmarshal(body, call.materializer()))
        .thenCompose(form -> form.toStrict(uploadTimeout.toMillis(), call.materializer()))
        .exceptionally(
            malformed -> {
              throw new OpenAiRefusal(
                  400,
                  "invalid_request_error",
                  "file",
                  "invalid_value",
                  "the body must be multipart/form-data of at most %d MiB, with purpose and file"
                      .formatted(FILE_BYTES_MAX >> 20));
            })
        .thenApplyAsync(form -> stored(form, id, tenant, now), disk)
        .whenComplete((_, _) -> uploads.leave(payer))
        .thenCompose(this::kept)
        .thenApply(OpenAiFiles::ok);
  }

  /** A file to be, whose content is held until it is kept. */
  private record Stored(StoredFile file, Held content) {}

  private CompletionStage<StoredFile> kept(Stored stored) {
    return files
        .keep(stored.file())
        .whenCompleteAsync(
            (_, failed) -> {
              stored.content().leave();
              if (failed != null) {
                contents.sweep(stored.file().tenant());
              }
            },
            disk);
  }

  private Stored stored(
      Multipart.FormData.Strict form, String id, TenantId tenant, long nowMillis) {
    String purpose = null;
    Multipart.FormData.BodyPart.Strict content = null;
    for (Multipart.FormData.BodyPart.Strict part : form.getStrictParts()) {
      if (part.getName().equals("purpose")) {
        purpose = part.getEntity().getData().utf8String();
      } else if (part.getName().equals("file")) {
        content = part;
      }
    }
    if (purpose == null || !PURPOSE.matcher(purpose).matches()) {
      throw OpenAiRefusal.of("purpose", "must be a word such as batch");
    }
    if (content == null) {
      throw OpenAiRefusal.of("file", "is missing");
    }
    byte[] bytes = content.getEntity().getData().toArray();
    if (bytes.length == 0 || bytes.length > FILE_BYTES_MAX) {
      throw OpenAiRefusal.of("file", "must have 1 to %d bytes".formatted(FILE_BYTES_MAX));
    }
    Held held = blobs.holdFile(new ByteArrayInputStream(bytes), tenant);
    var file =
        new StoredFile(
            id,
            tenant,
            name(content.getFilename().orElse("")),
            purpose,
            held.digest(),
            bytes.length,
            nowMillis);
    return new Stored(file, held);
  }

  /** The last part of a name, without what moves a cursor. */
  private static String name(String given) {
    String last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
    String plain = last.replaceAll("\\p{Cntrl}", "?");
    return plain.isEmpty() ? "file" : plain.substring(0, Math.min(200, plain.length()));
  }

  /** An id: of a key always the same, without one always another. */
  static String id(String prefix, @Nullable String key) {
    String text = key == null ? UUID.randomUUID().toString() : key;
    return prefix
        + Digest.of((prefix + text).getBytes(StandardCharsets.UTF_8)).hex().substring(0, 24);
  }

  private CompletionStage<HttpResponse> list(Call call) {
    int limit = call.number("limit", 1, 10_000, LIST_MAX);
    boolean oldestFirst = call.query("order").equals("asc");
    return files
        .of(call.principal().ownTenant())
        .thenApply(
            shown -> {
              List<StoredFile> of =
                  shown.files().stream()
                      .filter(
                          file ->
                              call.query("purpose").isEmpty()
                                  || file.purpose().equals(call.query("purpose")))
                      .toList();
              return Replies.ok(
                  page(
                      oldestFirst ? of.reversed() : of,
                      StoredFile::id,
                      OpenAiFiles::view,
                      call.query("after"),
                      limit));
            });
  }

  /** A page of a list, after an id. */
  static <T> ObjectNode page(
      List<T> all, Function<T, String> id, Function<T, ObjectNode> view, String after, int limit) {
    int from = 0;
    for (int i = 0; i < all.size(); i++) {
      from = id.apply(all.get(i)).equals(after) ? i + 1 : from;
    }
    List<T> page = all.subList(from, Math.min(all.size(), from + limit));
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    page.forEach(one -> data.add(view.apply(one)));
    return list.put("has_more", from + page.size() < all.size())
        .put("first_id", page.isEmpty() ? null : id.apply(page.getFirst()))
        .put("last_id", page.isEmpty() ? null : id.apply(page.getLast()));
  }

  private CompletionStage<HttpResponse> found(
      Call call, Function<StoredFile, HttpResponse> answer) {
    String id = call.part("file");
    return files
        .of(call.principal().ownTenant())
        .thenApplyAsync(
            shown ->
                answer.apply(
                    shown.files().stream()
                        .filter(file -> file.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> absent("file", id))),
            disk);
  }

  static OpenAiRefusal absent(String kind, String id) {
    return new OpenAiRefusal(
        404,
        "invalid_request_error",
        "id",
        "not_found",
        "No such %s object: %s".formatted(kind, id.substring(0, Math.min(80, id.length()))));
  }

  private HttpResponse content(StoredFile file) {
    byte[] bytes = blobs.content(file.content()).orElseThrow(() -> absent("file", file.id()));
    return HttpResponse.create()
        .addHeader(RawHeader.create("X-Content-Type-Options", "nosniff"))
        .addHeader(RawHeader.create("Cache-Control", "no-store"))
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_OCTET_STREAM, bytes));
  }

  private CompletionStage<HttpResponse> delete(Call call) {
    TenantId tenant = call.principal().ownTenant();
    return files
        .delete(tenant, call.part("file"))
        .thenCompose(id -> contents.sweep(tenant).thenApply(_ -> id))
        .thenApply(
            id ->
                Replies.ok(
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("id", id)
                        .put("object", "file")
                        .put("deleted", true)));
  }

  private static HttpResponse ok(StoredFile file) {
    return Replies.ok(view(file));
  }

  private static ObjectNode view(StoredFile file) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", file.id())
        .put("object", "file")
        .put("bytes", file.bytes())
        .put("created_at", file.atMillis() / 1_000)
        .put("filename", file.name())
        .put("purpose", file.purpose())
        .put("status", "processed");
  }
}
