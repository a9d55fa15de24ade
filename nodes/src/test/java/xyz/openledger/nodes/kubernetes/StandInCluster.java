package xyz.openledger.nodes.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.json.Json;

/**
 * What a test takes for an API server, and <em>no cluster</em>. It holds each request against what
 * the API documents (path, verb, token, media type, the Job's walls), answers in the API's words,
 * and runs a pod's command as a process of this machine. What a real one admits, schedules and
 * isolates is not shown by it.
 */
final class StandInCluster implements AutoCloseable {
  static final String NAMESPACE = "openledger-workers";
  static final String TOKEN = "a-token-of-the-agent";
  private static final String PASSWORD = "changeit";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String JOBS = "/apis/batch/v1/namespaces/" + NAMESPACE + "/jobs";
  private static final String CORE = "/api/v1/namespaces/" + NAMESPACE;
  private static final String POLICIES =
      "/apis/networking.k8s.io/v1/namespaces/" + NAMESPACE + "/networkpolicies";
  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

  /** A pod and the process that stands for it. */
  private record Pod(String name, Process process) {}

  private final SSLServerSocket socket;
  private final String authority;
  private final Map<String, JsonNode> jobs = new ConcurrentHashMap<>();
  private final Map<String, Pod> pods = new ConcurrentHashMap<>();
  private final AtomicInteger names = new AtomicInteger();

  /** Requests that no client of this API would make. */
  final List<String> wrong = new CopyOnWriteArrayList<>();

  /** What went over the containers' output, as their logs would have it. */
  final List<byte[]> log = new CopyOnWriteArrayList<>();

  final Set<Right> denied = EnumSet.noneOf(Right.class);
  final AtomicInteger answersToLose = new AtomicInteger();
  final AtomicInteger busyAnswers = new AtomicInteger();
  volatile String streams = "v5.channel.k8s.io";
  volatile String enforced = "restricted";
  volatile String policies =
      "{\"items\":[{\"spec\":{\"podSelector\":{},\"policyTypes\":[\"Ingress\",\"Egress\"]}}]}";
  volatile String events = "{\"items\":[]}";

  /** The status that every pod has, where none is to run; {@code ""} for no pod at all. */
  volatile @Nullable String stuck;

  /** Why a program that was killed ended. */
  volatile String killReason = "Error";

  /** A server's key and certificate, which take a second to make. */
  static KeyStore keys(Path folder) throws Exception {
    Path store = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=stand-in",
                "-ext",
                "san=ip:127.0.0.1",
                "-ext",
                "bc=ca:true",
                "-validity",
                "2",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().transferTo(OutputStream.nullOutputStream());
    keytool.waitFor();
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  StandInCluster(KeyStore keys) throws Exception {
    byte[] certificate = keys.getCertificate("server").getEncoded();
    authority =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
            + "\n-----END CERTIFICATE-----\n";
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    socket =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  ClusterAccess access() {
    return new ClusterAccess(
        URI.create("https://127.0.0.1:" + socket.getLocalPort()), authority, () -> TOKEN);
  }

  /** The names of the Jobs that are there. */
  Set<String> jobs() {
    return Set.copyOf(jobs.keySet());
  }

  /** Puts a Job there that somebody made earlier. */
  void put(JsonNode job) {
    jobs.put(job.at("/metadata/name").asText(), job);
  }

  /** The processes that stand for pods. */
  List<Process> processes() {
    return pods.values().stream().map(Pod::process).toList();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket accepted = socket.accept();
        Thread.ofVirtual().start(() -> serve(accepted));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket accepted) {
    try (var connection = new Connection(accepted)) {
      for (var request = connection.request(); request != null; request = connection.request()) {
        if (!answer(connection, request)) {
          return;
        }
      }
    } catch (IOException | RuntimeException broken) {
      if (!(broken instanceof IOException)) {
        wrong.add(broken.toString());
      }
    }
  }

  /** Whether the connection goes on. */
  private boolean answer(Connection connection, Connection.Request request) throws IOException {
    if (!request.header("authorization").equals("Bearer " + TOKEN)) {
      connection.refuse(401, "Unauthorized", "Unauthorized");
    } else if (busyAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      connection.refuse(429, "TooManyRequests", "the server has received too many requests");
    } else if (request.path().equals("/version")) {
      connection.answer(200, NODES.objectNode().put("gitVersion", "v0.0.0-stand-in"));
    } else if (request.path().equals(REVIEWS)) {
      review(connection, request.json());
    } else {
      return allowed(connection, request);
    }
    return true;
  }

  private void review(Connection connection, JsonNode review) throws IOException {
    JsonNode asked = review.at("/spec/resourceAttributes");
    String sub = asked.path("subresource").asText();
    String resource = asked.path("resource").asText() + (sub.isEmpty() ? "" : "/" + sub);
    boolean denies =
        denied.stream()
            .anyMatch(
                right ->
                    right.verb.equals(asked.path("verb").asText())
                        && right.group.equals(asked.path("group").asText())
                        && right.resource.equals(resource));
    ObjectNode answer = review.deepCopy();
    answer.putObject("status").put("allowed", !denies);
    connection.answer(201, answer);
  }

  private boolean allowed(Connection connection, Connection.Request request) throws IOException {
    Right right = right(request);
    if (right == null) {
      wrong.add(request.method() + " " + request.path());
      connection.refuse(404, "NotFound", "the server could not find the requested resource");
      return true;
    }
    if (denied.contains(right)) {
      connection.refuse(
          403,
          "Forbidden",
          "%s is forbidden: User \"system:serviceaccount:openledger-node:agent\" cannot %s resource"
              .formatted(right.resource, right.verb));
      return true;
    }
    return act(right, connection, request);
  }

  private static @Nullable Right right(Connection.Request request) {
    String path = request.path();
    boolean one = path.startsWith(JOBS + "/");
    return switch (request.method()) {
      case "POST" -> path.equals(JOBS) ? Right.CREATE_JOBS : null;
      case "DELETE" -> one ? Right.DELETE_JOBS : null;
      case "GET" ->
          path.equals(JOBS)
              ? Right.LIST_JOBS
              : one
                  ? Right.GET_JOBS
                  : path.equals(CORE)
                      ? Right.GET_NAMESPACE
                      : path.equals(CORE + "/pods")
                          ? Right.LIST_PODS
                          : path.endsWith("/attach")
                              ? Right.CREATE_ATTACH
                              : path.equals(CORE + "/events")
                                  ? Right.LIST_EVENTS
                                  : path.equals(POLICIES)
                                      ? Right.LIST_POLICIES
                                      : path.startsWith("/apis/node.k8s.io/v1/runtimeclasses")
                                          ? Right.GET_RUNTIME_CLASS
                                          : null;
      default -> null;
    };
  }

  private boolean act(Right right, Connection connection, Connection.Request request)
      throws IOException {
    switch (right) {
      case CREATE_JOBS -> {
        return create(connection, request);
      }
      case GET_JOBS -> one(connection, request.path().substring(JOBS.length() + 1));
      case LIST_JOBS -> connection.answer(200, list(request.query().get("labelSelector")));
      case DELETE_JOBS -> delete(connection, request);
      case LIST_PODS -> connection.answer(200, pods(request.query().get("labelSelector")));
      case CREATE_ATTACH, GET_ATTACH -> {
        attach(connection, request);
        return false;
      }
      case LIST_EVENTS -> connection.answer(200, events.getBytes(UTF_8));
      case LIST_POLICIES -> connection.answer(200, policies.getBytes(UTF_8));
      case GET_NAMESPACE -> {
        ObjectNode namespace = NODES.objectNode().put("kind", "Namespace");
        namespace
            .putObject("metadata")
            .putObject("labels")
            .put("pod-security.kubernetes.io/enforce", enforced);
        connection.answer(200, namespace);
      }
      case GET_RUNTIME_CLASS -> runtimeClass(connection, request.path());
    }
    return true;
  }

  private static void runtimeClass(Connection connection, String path) throws IOException {
    if (path.endsWith("/runtimeclasses")) {
      ObjectNode list = NODES.objectNode();
      list.putArray("items").addObject().putObject("metadata").put("name", "gvisor");
      connection.answer(200, list);
    } else if (path.endsWith("/gvisor")) {
      connection.answer(200, NODES.objectNode().put("kind", "RuntimeClass"));
    } else {
      connection.refuse(404, "NotFound", "runtimeclasses.node.k8s.io not found");
    }
  }

  private boolean create(Connection connection, Connection.Request request) throws IOException {
    JsonNode job = request.json();
    List<String> broken = Walls.broken(job);
    if (!request.header("content-type").equals("application/json") || !broken.isEmpty()) {
      wrong.add("a Job without " + broken);
      connection.refuse(422, "Invalid", "Job is invalid: " + broken);
      return true;
    }
    String name = job.at("/metadata/name").asText();
    if (jobs.putIfAbsent(name, job) != null) {
      connection.refuse(409, "AlreadyExists", "jobs.batch \"" + name + "\" already exists");
      return true;
    }
    if (stuck == null) {
      pods.put(name, new Pod(name + "-" + names.getAndIncrement(), start(job)));
    }
    if (answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return false;
    }
    connection.answer(201, job);
    return true;
  }

  private static Process start(JsonNode job) throws IOException {
    JsonNode container = job.at("/spec/template/spec/containers/0");
    var command = new ArrayList<String>();
    container.path("command").forEach(word -> command.add(word.asText().replace("$$", "$")));
    if (!command
        .set(0, System.getProperty("java.home") + "/bin/java")
        .equals("/opt/java/openjdk/bin/java")) {
      throw new IOException("no such program in the image");
    }
    command.set(command.indexOf("-cp") + 1, System.getProperty("java.class.path"));
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    container
        .path("env")
        .forEach(
            variable ->
                builder
                    .environment()
                    .put(variable.path("name").asText(), variable.path("value").asText()));
    return builder.start();
  }

  private void one(Connection connection, String name) throws IOException {
    JsonNode job = jobs.get(name);
    if (job == null) {
      connection.refuse(404, "NotFound", "jobs.batch \"" + name + "\" not found");
    } else {
      connection.answer(200, job);
    }
  }

  private ObjectNode list(String selector) {
    int equals = selector.indexOf('=');
    ObjectNode list = NODES.objectNode().put("kind", "JobList");
    var items = list.putArray("items");
    jobs.values().stream()
        .filter(
            job ->
                job.at("/metadata/labels")
                    .path(selector.substring(0, equals))
                    .asText()
                    .equals(selector.substring(equals + 1)))
        .forEach(items::add);
    return list;
  }

  private void delete(Connection connection, Connection.Request request) throws IOException {
    String name = request.path().substring(JOBS.length() + 1);
    if (!request.json().path("propagationPolicy").asText().equals("Background")) {
      wrong.add("a Job deleted without its pods");
    }
    Pod pod = pods.remove(name);
    if (pod != null) {
      pod.process().destroyForcibly();
    }
    JsonNode job = jobs.remove(name);
    if (job == null) {
      connection.refuse(404, "NotFound", "jobs.batch \"" + name + "\" not found");
    } else {
      connection.answer(200, NODES.objectNode().put("kind", "Status").put("status", "Success"));
    }
  }

  private JsonNode pods(String selector) {
    String job = selector.substring("batch.kubernetes.io/job-name=".length());
    ObjectNode list = NODES.objectNode().put("kind", "PodList");
    var items = list.putArray("items");
    Pod pod = pods.get(job);
    String fixed = stuck;
    if (fixed != null && !fixed.isEmpty()) {
      items.addObject().set("status", Json.tree(fixed.getBytes(UTF_8)));
    } else if (pod != null) {
      ObjectNode item = items.addObject();
      item.putObject("metadata").put("name", pod.name());
      item.set("status", status(pod.process()));
    }
    return list;
  }

  private ObjectNode status(Process process) {
    ObjectNode status = NODES.objectNode();
    ObjectNode state = status.putArray("containerStatuses").addObject().putObject("state");
    if (process.isAlive()) {
      state.putObject("running");
    } else {
      int code = process.exitValue();
      state
          .putObject("terminated")
          .put("exitCode", code)
          .put("reason", code == 0 ? "Completed" : code == 137 ? killReason : "Error");
    }
    return status;
  }

  private void attach(Connection connection, Connection.Request request) throws IOException {
    String[] words = request.path().split("/");
    Pod pod =
        pods.values().stream()
            .filter(one -> one.name().equals(words[words.length - 2]))
            .findFirst()
            .orElse(null);
    boolean asked =
        request
            .query()
            .equals(
                Map.of(
                    "container",
                    "worker",
                    "stdin",
                    "true",
                    "stdout",
                    "true",
                    "stderr",
                    "true",
                    "tty",
                    "false"));
    if (pod == null
        || !asked
        || !request.header("sec-websocket-protocol").equals("v5.channel.k8s.io")) {
      wrong.add("attach " + request.query());
      connection.refuse(400, "BadRequest", "you must specify what to attach to");
      return;
    }
    connection.upgrade(request, streams);
    // A container's streams begin with nothing, as kubelets do it.
    connection.send(1, new byte[0], 0);
    Process process = pod.process();
    Thread output = Thread.ofVirtual().start(() -> pump(connection, 1, process.getInputStream()));
    Thread errors = Thread.ofVirtual().start(() -> pump(connection, 2, process.getErrorStream()));
    Thread.ofVirtual().start(() -> end(connection, output, errors));
    feed(connection, process);
  }

  private void pump(Connection connection, int channel, InputStream stream) {
    byte[] chunk = new byte[32 << 10];
    try {
      for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
        if (channel == 1) {
          log.add(Arrays.copyOf(chunk, read));
        }
        connection.send(channel, chunk, read);
      }
    } catch (IOException gone) {
      // The program ended, or whoever listened.
    }
  }

  private static void end(Connection connection, Thread output, Thread errors) {
    try {
      output.join();
      errors.join();
      byte[] status = "{\"metadata\":{},\"status\":\"Success\"}".getBytes(US_ASCII);
      connection.send(3, status, status.length);
      connection.sendClose();
    } catch (IOException | InterruptedException gone) {
      // Nobody listens any more.
    }
  }

  /** Until the other side goes; then the program's input ends, as {@code stdinOnce} says. */
  private void feed(Connection connection, Process process) throws IOException {
    try (var input = process.getOutputStream()) {
      for (byte[] message = connection.message(); message != null; message = connection.message()) {
        if (message.length > 0 && message[0] == 0) {
          input.write(message, 1, message.length - 1);
          input.flush();
        } else if (message.length == 2 && message[0] == (byte) 255 && message[1] == 0) {
          input.close();
        } else {
          wrong.add("a message for a stream that takes none");
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    processes().forEach(Process::destroyForcibly);
  }
}
