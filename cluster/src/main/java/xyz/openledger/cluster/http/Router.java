package xyz.openledger.cluster.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the operation that a method and a path mean. */
final class Router {
  private final List<Operation> operations;
  private final SortedMap<PathTemplate, Map<String, Operation>> paths = new TreeMap<>();

  Router(List<Operation> operations) {
    this.operations = List.copyOf(operations);
    for (Operation operation : operations) {
      Operation other =
          paths
              .computeIfAbsent(operation.path(), _ -> new HashMap<>())
              .put(operation.method(), operation);
      if (other != null) {
        throw new IllegalStateException(operation.id() + " and " + other.id() + " are the same");
      }
    }
  }

  /** What a request means. */
  sealed interface Match {
    /** This, with the named parts of its path. */
    record Found(Operation operation, Map<String, String> parts) implements Match {}

    /** Nothing, but the path takes these methods. */
    record OtherMethods(List<String> allowed) implements Match {}

    /** Nothing at all. */
    record Nothing() implements Match {}
  }

  List<Operation> operations() {
    return operations;
  }

  Match match(String method, String path) {
    List<String> segments = PathTemplate.split(path);
    for (var entry : paths.entrySet()) {
      @Nullable Map<String, String> parts = entry.getKey().match(segments);
      if (parts != null) {
        Operation operation = entry.getValue().get(method);
        return operation != null
            ? new Match.Found(operation, parts)
            : new Match.OtherMethods(entry.getValue().keySet().stream().sorted().toList());
      }
    }
    return new Match.Nothing();
  }
}
