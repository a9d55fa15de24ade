package xyz.openledger.cluster.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import xyz.openledger.nodes.kubernetes.ClusterReport;
import xyz.openledger.nodes.sandbox.Sandbox;
import xyz.openledger.nodes.sandbox.SandboxChoice;

/** The programs that building and running need. */
public final class Tools {
  private static final int JDK_MIN = 25;
  private static final int NODE_MIN = 20;
  private static final int ANSWER_BYTES_MAX = 4_096;
  private static final int TIMEOUT_SECONDS = 15;
  private static final String WORKERS_NAMESPACE = "openledger-workers";
  private static final Pattern NUMBER = Pattern.compile("([0-9]+)(\\.[0-9]+)*");

  /** Maven prints in bold even where nobody looks. */
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  private Tools() {}

  /** The Java that runs this. */
  public static Finding jdk() {
    int feature = Runtime.version().feature();
    return feature >= JDK_MIN
        ? Finding.ok("jdk", "Java " + Runtime.version() + " in " + System.getProperty("java.home"))
        : Finding.failure(
            "jdk", "Java " + feature + " is too old", "apt-get install temurin-25-jdk");
  }

  /** Node.js, which runs the development chain. */
  public static Finding node() {
    String fix = "apt-get install nodejs npm   (version 20 or later)";
    return version("node")
        .map(
            text ->
                first(text) >= NODE_MIN
                    ? Finding.ok("node", text)
                    : Finding.failure("node", text + " is too old", fix))
        .orElseGet(() -> Finding.failure("node", "not found", fix));
  }

  /** npm, which fetches the development chain. */
  public static Finding npm() {
    return version("npm")
        .map(text -> Finding.ok("npm", text))
        .orElseGet(() -> Finding.failure("npm", "not found", "apt-get install npm"));
  }

  /** Maven, needed to build. */
  public static Finding maven() {
    return version("mvn")
        .map(text -> Finding.ok("maven", text.lines().findFirst().orElse(text)))
        .orElseGet(() -> Finding.ok("maven", "not found; a build fetches it"));
  }

  /** The sandbox for tasks, by really running a program in it. */
  public static Finding sandbox() {
    SandboxChoice choice = Sandbox.strongest();
    String level = choice.sandbox().level().label();
    return choice.degraded().isEmpty()
        ? Finding.ok("sandbox", level + ", tried from the inside")
        : Finding.warning(
            "sandbox",
            level + " only: " + String.join("; ", choice.degraded()),
            "apt-get install bubblewrap; inside a container, allow user namespaces");
  }

  /** The cluster whose pods a node's workers may run in, if one is named. */
  public static Finding kubernetes() {
    return ClusterReport.of(System.getenv(), WORKERS_NAMESPACE)
        .map(Tools::kubernetes)
        .orElseGet(
            () ->
                Finding.ok(
                    "kubernetes", "no KUBECONFIG; only 'node join --sandbox container' needs one"));
  }

  private static Finding kubernetes(ClusterReport report) {
    String classes = String.join(", ", report.runtimeClasses());
    String seen = report.cluster() + (classes.isEmpty() ? "" : ", RuntimeClass " + classes);
    return report.lacks().isEmpty()
        ? Finding.ok("kubernetes", seen)
        : Finding.warning(
            "kubernetes",
            (seen.isEmpty() ? "" : seen + ": ") + String.join("; ", report.lacks()),
            "kubectl apply -k nodes/deploy/kubernetes");
  }

  /** The first number in what a program says of its version; 0 if there is none. */
  static int first(String version) {
    var matcher = NUMBER.matcher(version);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static Optional<String> version(String program) {
    try {
      Process process =
          new ProcessBuilder(List.of(program, "--version")).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try {
        byte[] answer = process.getInputStream().readNBytes(ANSWER_BYTES_MAX);
        boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return ended && process.exitValue() == 0
            ? Optional.of(
                COLOUR.matcher(new String(answer, StandardCharsets.UTF_8)).replaceAll("").strip())
            : Optional.empty();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException absent) {
      return Optional.empty();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
