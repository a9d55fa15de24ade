package xyz.openledger.nodes.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a worker's Job has to be beyond the profile {@code restricted}, and the forms that a cluster
 * takes names, labels and amounts in
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/).
 */
final class Walls {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern QUANTITY = Pattern.compile("([0-9]+)(m|Ki|Mi|Gi)?");
  private static final Pattern BY_DIGEST = Pattern.compile("[^@\\s]+@sha256:[0-9a-f]{64}");

  private Walls() {}

  /** One word for each that is missing. */
  static List<String> broken(JsonNode job) {
    var broken = new ArrayList<String>();
    JsonNode spec = job.path("spec");
    JsonNode pod = spec.at("/template/spec");
    Restricted.broken(pod).forEach(broken::add);
    forms(job, broken);
    expect(broken, job.path("apiVersion").asText().equals("batch/v1"), "apiVersion");
    expect(broken, job.path("kind").asText().equals("Job"), "kind");
    expect(broken, spec.path("backoffLimit").asInt(-1) == 0, "backoffLimit");
    expect(broken, spec.path("parallelism").asInt() == 1, "parallelism");
    expect(broken, spec.path("completions").asInt() == 1, "completions");
    expect(broken, isIn(spec.path("activeDeadlineSeconds"), 1, 604_800), "activeDeadlineSeconds");
    expect(broken, isIn(spec.path("ttlSecondsAfterFinished"), 0, 3_600), "ttlSecondsAfterFinished");
    pod(pod, broken);
    return broken;
  }

  private static void pod(JsonNode pod, List<String> broken) {
    expect(broken, pod.path("restartPolicy").asText().equals("Never"), "restartPolicy");
    expect(broken, !pod.path("runtimeClassName").asText().isEmpty(), "runtimeClassName");
    expect(broken, !pod.path("automountServiceAccountToken").asBoolean(true), "token");
    expect(broken, !pod.path("enableServiceLinks").asBoolean(true), "serviceLinks");
    expect(broken, !pod.path("shareProcessNamespace").asBoolean(), "shareProcessNamespace");
    expect(broken, pod.path("dnsPolicy").asText().equals("None"), "dnsPolicy");
    expect(broken, !pod.has("nodeName") && !pod.has("tolerations"), "place");
    expect(broken, !pod.has("serviceAccountName"), "serviceAccountName");
    expect(broken, pod.path("containers").size() == 1, "containers");
    expect(broken, !pod.has("initContainers"), "initContainers");
    JsonNode container = pod.path("containers").path(0);
    JsonNode own = container.path("securityContext");
    expect(broken, own.path("readOnlyRootFilesystem").asBoolean(), "readOnlyRootFilesystem");
    expect(broken, own.at("/capabilities/add").isMissingNode(), "capabilities");
    expect(broken, BY_DIGEST.matcher(container.path("image").asText()).matches(), "image");
    expect(broken, container.path("stdinOnce").asBoolean(), "stdinOnce");
    expect(broken, !container.path("tty").asBoolean(), "tty");
    expect(broken, !container.has("envFrom") && !container.has("ports"), "env");
    container
        .path("env")
        .forEach(variable -> expect(broken, !variable.has("valueFrom"), "valueFrom"));
    amounts(container.path("resources"), broken);
    volumes(pod.path("volumes"), broken);
    for (JsonNode word : container.path("command")) {
      expect(broken, !word.asText().replace("$$", "").contains("$("), "expansion");
    }
  }

  private static void amounts(JsonNode resources, List<String> broken) {
    JsonNode limits = resources.path("limits");
    expect(broken, limits.equals(resources.path("requests")), "requests");
    for (String of : List.of("cpu", "memory", "ephemeral-storage")) {
      String amount = limits.path(of).asText();
      boolean fits = QUANTITY.matcher(amount).matches();
      expect(broken, fits && new BigDecimal(amount.replaceAll("\\D", "")).signum() > 0, of);
    }
  }

  private static void volumes(JsonNode volumes, List<String> broken) {
    expect(broken, volumes.size() == 1, "volumes");
    JsonNode folder = volumes.path(0).path("emptyDir");
    expect(broken, folder.path("medium").asText().equals("Memory"), "medium");
    expect(broken, QUANTITY.matcher(folder.path("sizeLimit").asText()).matches(), "sizeLimit");
  }

  private static void forms(JsonNode job, List<String> broken) {
    JsonNode metadata = job.path("metadata");
    expect(broken, NAME.matcher(metadata.path("name").asText()).matches(), "name");
    expect(broken, NAME.matcher(metadata.path("namespace").asText()).matches(), "namespace");
    String runtime = job.at("/spec/template/spec/runtimeClassName").asText();
    expect(broken, SUBDOMAIN.matcher(runtime).matches(), "runtimeClassName form");
    for (String labels : List.of("/metadata/labels", "/spec/template/metadata/labels")) {
      expect(broken, !job.at(labels).isEmpty(), "labels");
      job.at(labels)
          .forEach(value -> expect(broken, LABEL.matcher(value.asText()).matches(), "label"));
    }
  }

  private static boolean isIn(JsonNode number, long min, long max) {
    return number.isIntegralNumber() && number.asLong() >= min && number.asLong() <= max;
  }

  private static void expect(List<String> broken, boolean holds, String word) {
    if (!holds) {
      broken.add(word);
    }
  }
}
