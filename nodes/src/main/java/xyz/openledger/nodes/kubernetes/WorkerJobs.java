package xyz.openledger.nodes.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Jobs of one namespace, asked for, looked at and cleared away. */
final class WorkerJobs {
  /** More orphans than an agent can have left, and one answer's worth. */
  private static final int LISTED_MAX = 500;

  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ApiServer server;
  private final String namespace;

  WorkerJobs(ApiServer server, String namespace) {
    this.server = server;
    this.namespace = namespace;
  }

  /**
   * Asks for a worker. Where an earlier try went through and its answer was lost, that one is it.
   */
  void create(WorkerOrder order) throws IOException {
    String name = WorkerJob.name(order);
    try {
      server.post(Right.CREATE_JOBS, jobs(), WorkerJob.manifest(order), what(name));
    } catch (ClusterRefusal refused) {
      if (refused.status() != CONFLICT) {
        throw refused;
      }
      JsonNode there = server.get(Right.GET_JOBS, jobs() + "/" + name, what(name));
      if (!isOf(there, order.agent(), order.run())
          || there.at("/metadata").has("deletionTimestamp")) {
        throw refused;
      }
    }
  }

  /** How far its pod has come. */
  PodState state(String job) throws IOException {
    String selector =
        "?labelSelector=" + encoded("batch.kubernetes.io/job-name=" + job) + "&limit=2";
    return PodState.of(server.get(Right.LIST_PODS, pods() + selector, what(job)));
  }

  /** The last warning about a Job, which tells why no pod came of it; empty if there is none. */
  Optional<String> warning(String job) throws IOException {
    String selector =
        "?fieldSelector=" + encoded("involvedObject.kind=Job,involvedObject.name=" + job);
    JsonNode events =
        server.get(Right.LIST_EVENTS, core() + "/events" + selector + "&limit=50", what(job));
    String last = "";
    for (JsonNode event : events.path("items")) {
      if (event.path("type").asText().equals("Warning")) {
        last = event.path("reason").asText() + ": " + event.path("message").asText();
      }
    }
    return last.isEmpty() ? Optional.empty() : Optional.of(ClusterRefusal.bounded(last));
  }

  /** Opens the three streams of a pod's program. */
  WebSocket attach(String pod, WebSocket.Listener listener) throws IOException {
    String path =
        "%s/%s/attach?container=%s&stdin=true&stdout=true&stderr=true&tty=false"
            .formatted(pods(), encoded(pod), WorkerJob.CONTAINER);
    return server.attach(path, listener, what(pod));
  }

  /** Clears a Job and its pod away; one that is gone already is no failure. */
  void delete(String name) throws IOException {
    ObjectNode options =
        NODES
            .objectNode()
            .put("apiVersion", "v1")
            .put("kind", "DeleteOptions")
            .put("propagationPolicy", "Background");
    try {
      server.delete(Right.DELETE_JOBS, jobs() + "/" + name, options, what(name));
    } catch (ClusterRefusal refused) {
      if (refused.status() != NOT_FOUND) {
        throw refused;
      }
    }
  }

  /** Clears away what earlier lives of an agent left; answers the names. */
  List<String> sweep(String agent, String run) throws IOException {
    String selector =
        "?labelSelector=" + encoded(WorkerJob.AGENT_LABEL + "=" + WorkerJob.digest(agent));
    JsonNode list =
        server.get(Right.LIST_JOBS, jobs() + selector + "&limit=" + LISTED_MAX, "jobs of " + agent);
    var swept = new ArrayList<String>();
    for (JsonNode job : list.path("items")) {
      // The cluster chose by the label; what it lists is looked at all the same before it goes.
      if (isOfAgent(job, agent) && !isOf(job, agent, run)) {
        String name = job.at("/metadata/name").asText();
        delete(name);
        swept.add(name);
      }
    }
    return swept;
  }

  private static boolean isOf(JsonNode job, String agent, String run) {
    return isOfAgent(job, agent) && label(job, WorkerJob.RUN_LABEL).equals(WorkerJob.digest(run));
  }

  private static boolean isOfAgent(JsonNode job, String agent) {
    return label(job, WorkerJob.AGENT_LABEL).equals(WorkerJob.digest(agent));
  }

  private static String label(JsonNode job, String name) {
    return job.path("metadata").path("labels").path(name).asText();
  }

  private String what(String name) {
    return name + " in " + namespace;
  }

  private String jobs() {
    return "/apis/batch/v1/namespaces/" + namespace + "/jobs";
  }

  private String core() {
    return "/api/v1/namespaces/" + namespace;
  }

  private String pods() {
    return core() + "/pods";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
