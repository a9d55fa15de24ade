package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import xyz.openledger.cluster.http.RunningServer.Answer;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.json.Json;

/** The document and the routes say the same thing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractTest {
  private final Map<?, ?> document = document();
  private RunningServer member;
  private JobId settled;

  /** One operation of the document. */
  record Documented(String method, String path, Map<?, ?> pathItem, Map<?, ?> operation) {
    String id() {
      return SchemaChecker.present(operation, "operationId").toString();
    }

    @Override
    public String toString() {
      return id();
    }
  }

  @BeforeAll
  void start() {
    member = new RunningServer();
    settled = member.submitted("settled");
    member.member.become(settled, JobState.SETTLED);
    member.blobs.put("Hello".getBytes(StandardCharsets.UTF_8));
    var content = member.blobs.put("no questions".getBytes(StandardCharsets.UTF_8));
    member.files.examples(content.digest(), content.bytes());
    var samples =
        member.blobs.put(
            "{\"prompt\":\"a\",\"completion\":\"b\"}".getBytes(StandardCharsets.UTF_8));
    member.files.samples(FakeFiles.SAMPLES, samples.digest(), samples.bytes());
  }

  @AfterAll
  void stop() {
    member.close();
  }

  private static Map<?, ?> document() {
    try (InputStream file = ContractTest.class.getResourceAsStream("/openapi.yaml")) {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(Objects.requireNonNull(file));
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  Stream<Documented> documented() {
    var operations = new ArrayList<Documented>();
    map(document, "paths")
        .forEach(
            (path, item) ->
                ((Map<?, ?>) item)
                    .forEach(
                        (method, operation) -> {
                          if (!method.equals("parameters")) {
                            operations.add(
                                new Documented(
                                    method.toString().toUpperCase(Locale.ROOT),
                                    path.toString(),
                                    (Map<?, ?>) item,
                                    (Map<?, ?>) operation));
                          }
                        }));
    return operations.stream();
  }

  private Map<String, Operation> routes() {
    try (var disk = Executors.newVirtualThreadPerTaskExecutor()) {
      var settings = HttpSettings.from(ConfigFactory.load());
      var parts =
          new HttpServer.Parts(
              member.member,
              member.models,
              member.tunings,
              member.blobs,
              member.tokens,
              member.nodeTokens,
              member.member.feed,
              member.files);
      return HttpServer.operations(parts, settings, disk, new HttpMetrics()).stream()
          .collect(Collectors.toMap(Operation::id, Function.identity()));
    }
  }

  @Test
  void everyRouteIsDocumentedAndEveryOperationHasARoute() {
    assertThat(routes().values())
        .extracting(route -> route.id() + " " + route.method() + " " + route.path().text())
        .containsExactlyInAnyOrderElementsOf(
            documented().map(one -> one.id() + " " + one.method() + " " + one.path()).toList());
  }

  @ParameterizedTest
  @MethodSource("documented")
  void scopesParametersAndKeysAreAsDocumented(Documented one) {
    Operation route = Objects.requireNonNull(routes().get(one.id()), one.id());

    assertThat(route.scope() == null ? "none" : route.scope().word())
        .isEqualTo(
            one.operation().containsKey("security") ? "none" : one.operation().get("x-scope"));
    assertThat(route.query())
        .containsExactlyInAnyOrderElementsOf(
            parameters(one).filter(parameter -> in(parameter, "query")).map(this::name).toList());
    assertThat(
            Stream.of(route.path().segments())
                .flatMap(List::stream)
                .map(PathTemplate.Segment::parameter)
                .filter(Objects::nonNull))
        .containsExactlyInAnyOrderElementsOf(
            parameters(one).filter(parameter -> in(parameter, "path")).map(this::name).toList());
    assertThat(route.key()).isEqualTo(key(one));
  }

  private Operation.KeyRule key(Documented one) {
    return parameters(one)
        .filter(parameter -> name(parameter).equals("Idempotency-Key"))
        .map(
            parameter ->
                Boolean.TRUE.equals(parameter.get("required"))
                    ? Operation.KeyRule.REQUIRED
                    : Operation.KeyRule.OPTIONAL)
        .findAny()
        .orElse(Operation.KeyRule.NONE);
  }

  @ParameterizedTest
  @MethodSource("documented")
  void theExampleOfEachOperationIsAnsweredAsDocumented(Documented one) {
    if (one.id().equals("streamEvents") || one.id().equals("openAiUpload")) {
      return; // Its answer has no end; EventRoutesTest reads it. A form is sent in OpenAiFilesTest.
    }
    boolean admin = Scope.ADMIN.word().equals(one.operation().get("x-scope"));
    Answer answer = member.send(example(one, admin ? member.adminToken : member.token));

    assertThat(answer.status()).as(answer.text()).isBetween(200, 299);
    var documented =
        (Map<?, ?>) SchemaChecker.present(map(one.operation(), "responses"), "" + answer.status());
    Map<?, ?> content = map(SchemaChecker.resolve(document, documented), "content");
    String type = answer.header("Content-Type").replaceAll(";.*", "");
    if (type.equals("application/json")) {
      Object schema = SchemaChecker.present(map(content, type), "schema");
      assertThat(SchemaChecker.errors(document, schema, answer.json())).isEmpty();
    } else if (!one.method().equals("HEAD")) {
      assertThat(content.containsKey(type)).as(type).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("documented")
  void everyRefusalHasTheDocumentedForm(Documented one) {
    if (one.operation().containsKey("security") || one.method().equals("HEAD")) {
      return;
    }
    Answer answer = member.send(example(one, "olt1-unknown"));

    assertThat(answer.status()).isEqualTo(401);
    String form = one.path().startsWith(OpenAiRoutes.PREFIX) ? "OpenAiError" : "Problem";
    Object problem = SchemaChecker.present(map(map(document, "components"), "schemas"), form);
    assertThat(SchemaChecker.errors(document, problem, answer.json())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("documented")
  void aTokenWithoutTheScopeIsRefused(Documented one) throws IOException {
    Operation route = Objects.requireNonNull(routes().get(one.id()), one.id());
    if (route.scope() == null) {
      return;
    }
    var others = EnumSet.allOf(Scope.class);
    others.remove(route.scope());
    others.remove(Scope.ADMIN);
    String weak = member.issue("weak", RunningServer.DEMO, others);

    assertThat(member.send(example(one, weak)).status()).isEqualTo(403);
  }

  @Test
  void everyExampleInTheDocumentFitsItsSchema() {
    var checked = new ArrayList<String>();
    walk("$", document, checked);

    assertThat(checked).hasSizeGreaterThan(10);
  }

  private void walk(String path, Object node, List<String> checked) {
    if (node instanceof List<?> list) {
      list.forEach(element -> walk(path + "[]", element, checked));
    } else if (node instanceof Map<?, ?> map) {
      var examples = new ArrayList<Object>();
      if (map.get("schema") instanceof Map<?, ?> && map.containsKey("example")) {
        examples.add(map.get("example"));
      }
      if (map.get("schema") instanceof Map<?, ?> && map.get("examples") instanceof Map<?, ?> many) {
        many.values().forEach(example -> examples.add(((Map<?, ?>) example).get("value")));
      }
      for (Object example : examples) {
        JsonNode value = Json.tree(example);
        assertThat(SchemaChecker.errors(document, SchemaChecker.present(map, "schema"), value))
            .as(path)
            .isEmpty();
        checked.add(path);
      }
      map.forEach((key, value) -> walk(path + "/" + key, value, checked));
    }
  }

  /** The request that the document's examples make. */
  private HttpRequest.Builder example(Documented one, String token) {
    String path = one.path();
    var headers = new HashMap<String, String>();
    for (Map<?, ?> parameter : parameters(one).toList()) {
      String name = name(parameter);
      if (in(parameter, "path")) {
        path =
            path.replace(
                "{" + name + "}",
                part(one, SchemaChecker.present(parameter, "example").toString()));
      } else if (in(parameter, "header") && parameter.containsKey("example")) {
        headers.put(name, parameter.get("example").toString());
      }
    }
    var request = member.request(path, token);
    headers.forEach(request::header);
    return request.method(one.method(), body(one));
  }

  /** Examples name things that only exist here under other names. */
  private String part(Documented one, String example) {
    if (one.id().equals("cancelJob")) {
      return member.submitted("to-cancel").value();
    }
    return switch (example.substring(0, Math.min(5, example.length()))) {
      case "job-u" -> settled.value();
      case "node-" -> FakeMember.NODE.value();
      case "pool-" -> FakeMember.POOL.value();
      default -> example;
    };
  }

  private HttpRequest.BodyPublisher body(Documented one) {
    if (!(one.operation().get("requestBody") instanceof Map<?, ?> body)) {
      return BodyPublishers.noBody();
    }
    var content = map(SchemaChecker.resolve(document, body), "content");
    var media = (Map<?, ?>) content.values().iterator().next();
    Object example = Objects.requireNonNull(media.get("example"), one.id() + " has no example");
    return example instanceof String text
        ? BodyPublishers.ofString(text)
        : BodyPublishers.ofString(
            new String(Json.write(example), StandardCharsets.UTF_8)
                .replaceAll("pool-[a-z2-7]{26}", FakeMember.POOL.value()));
  }

  private Stream<Map<?, ?>> parameters(Documented one) {
    return Stream.of(one.pathItem(), one.operation())
        .map(holder -> holder.get("parameters"))
        .filter(Objects::nonNull)
        .flatMap(list -> ((List<?>) list).stream())
        .map(parameter -> SchemaChecker.resolve(document, (Map<?, ?>) parameter));
  }

  private String name(Map<?, ?> parameter) {
    return SchemaChecker.present(parameter, "name").toString();
  }

  private static boolean in(Map<?, ?> parameter, String place) {
    return place.equals(parameter.get("in"));
  }

  private static Map<?, ?> map(Map<?, ?> holder, String key) {
    return holder.get(key) instanceof Map<?, ?> found ? found : Map.of();
  }
}
