package xyz.openledger.verification.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/**
 * Who may call whom. A call through the table may reach every function in it that has the called
 * type. Two things follow that make meters cheaper: only functions that may call themselves, over
 * whatever detour, need the call depth counter, since the others can be on the stack only once
 * each; and only before a call that may reach the host, or come back, must the fuel be exact.
 *
 * <p>Nodes are the functions, then one for each type that is called through the table. Cycles are
 * the strongly connected components, found by Tarjan's algorithm (SIAM J. Comput. 1(2), 1972),
 * written without recursion because modules choose its depth.
 */
final class CallGraph {

  private final WasmModule module;
  private final int[] canonicalTypes;
  private final int[][] edges;
  private final int[] slots;

  private final int[] component;
  private final boolean[] recursive;
  private final boolean[] reachesHost;
  private final int[] deepest;

  private CallGraph(WasmModule module, List<BodyPlan> plans) {
    this.module = module;
    this.canonicalTypes = canonicalTypes(module.types());
    int nodes = module.functionCount() + module.types().size();
    this.edges = new int[nodes][];
    this.slots = new int[nodes];
    this.component = new int[nodes];
    this.recursive = new boolean[nodes];
    this.reachesHost = new boolean[nodes];
    this.deepest = new int[nodes];
    link(plans);
    new Components().find();
  }

  /** The graph of a module whose bodies have been checked, {@code plans} in their order. */
  static CallGraph of(WasmModule module, List<BodyPlan> plans) {
    return new CallGraph(module, plans);
  }

  /** Whether {@code function} may call itself, directly or by way of others. */
  boolean isRecursive(int function) {
    return recursive[function];
  }

  /**
   * Whether {@code caller} must have its fuel exact before it calls {@code callee}, which is a
   * function or {@code ~type}.
   */
  boolean settles(int caller, int callee) {
    int node = nodeOf(callee);
    return reachesHost[node] || component[caller] == component[node];
  }

  /**
   * The slots that functions which are not recursive can take at most, called from {@code root}.
   */
  int slotsWithoutRecursion(int root) {
    return deepest[root];
  }

  private void link(List<BodyPlan> plans) {
    Arrays.fill(edges, new int[0]);
    int imports = module.imports().size();
    for (int i = 0; i < imports; i++) {
      reachesHost[i] = true;
      slots[i] = FuelSchedule.frameSlots(module.signatureOf(i).parameters().length, 0);
    }
    for (int i = 0; i < plans.size(); i++) {
      edges[imports + i] = Arrays.stream(plans.get(i).callees()).map(this::nodeOf).toArray();
      slots[imports + i] = plans.get(i).frameSlots();
    }
    var byType = new HashMap<Integer, List<Integer>>();
    module.elements().stream()
        .flatMapToInt(segment -> Arrays.stream(segment.functions()))
        .distinct()
        .forEach(
            function ->
                byType
                    .computeIfAbsent(typeNodeOf(function), type -> new ArrayList<>())
                    .add(function));
    byType.forEach(
        (type, functions) -> edges[type] = functions.stream().mapToInt(i -> i).toArray());
  }

  private int nodeOf(int callee) {
    return callee >= 0 ? callee : module.functionCount() + canonicalTypes[~callee];
  }

  private int typeNodeOf(int function) {
    int imports = module.imports().size();
    int type =
        function < imports
            ? module.imports().get(function).type()
            : module.functionTypes()[function - imports];
    return nodeOf(~type);
  }

  /** For each type the first that equals it. */
  private static int[] canonicalTypes(List<Signature> types) {
    var first = new HashMap<Signature, Integer>();
    int[] canonical = new int[types.size()];
    for (int i = 0; i < canonical.length; i++) {
      Integer before = first.putIfAbsent(types.get(i), i);
      canonical[i] = before == null ? i : before;
    }
    return canonical;
  }

  /** One walk over the graph; components come out callees first. */
  private final class Components {

    private final int[] order = new int[edges.length];
    private final int[] low = new int[edges.length];
    private final int[] nextEdge = new int[edges.length];
    private final int[] open = new int[edges.length];
    private final int[] path = new int[edges.length];
    private int openSize;
    private int pathSize;
    private int visited;
    private int components;

    void find() {
      for (int node = 0; node < edges.length; node++) {
        if (order[node] == 0) {
          enter(node);
          while (pathSize > 0) {
            step(path[pathSize - 1]);
          }
        }
      }
    }

    private void enter(int node) {
      order[node] = ++visited;
      low[node] = visited;
      open[openSize++] = node;
      path[pathSize++] = node;
    }

    private void step(int node) {
      if (nextEdge[node] < edges[node].length) {
        int callee = edges[node][nextEdge[node]++];
        if (order[callee] == 0) {
          enter(callee);
        } else if (component[callee] == 0) {
          low[node] = Math.min(low[node], order[callee]);
        }
        return;
      }
      pathSize--;
      if (pathSize > 0) {
        int caller = path[pathSize - 1];
        low[caller] = Math.min(low[caller], low[node]);
      }
      if (low[node] == order[node]) {
        close(node);
      }
    }

    /** Takes the component of which {@code root} is the first node, and sums it up. */
    private void close(int root) {
      int from = openSize;
      do {
        from--;
        component[open[from]] = components + 1;
      } while (open[from] != root);
      components++;
      boolean cycle = openSize - from > 1;
      boolean host = false;
      int below = 0;
      for (int i = from; i < openSize; i++) {
        host |= reachesHost[open[i]];
        for (int callee : edges[open[i]]) {
          host |= reachesHost[callee];
          if (component[callee] == components) {
            cycle = true;
          } else {
            below = Math.max(below, deepest[callee]);
          }
        }
      }
      for (int i = from; i < openSize; i++) {
        int node = open[i];
        recursive[node] = cycle;
        reachesHost[node] = host;
        deepest[node] = cycle ? below : below + slots[node];
      }
      openSize = from;
    }
  }
}
