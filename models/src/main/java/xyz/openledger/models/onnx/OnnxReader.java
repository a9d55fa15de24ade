package xyz.openledger.models.onnx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import xyz.openledger.models.files.Refused;
import xyz.openledger.models.onnx.OnnxModel.Port;
import xyz.openledger.protocol.Digest;

/**
 * Reads a file of ONNX and refuses what a runtime must not be given: operators that are not known
 * to be functions of their inputs alone, functions and graphs inside graphs, weights in other
 * files, sizes that lie, names that nobody defines.
 */
public final class OnnxReader {
  /** The most bytes of a file, as of any blob. */
  public static final int FILE_BYTES_MAX = 64 << 20;

  /** The tag of the first field, which everybody writes first. */
  private static final int BEGIN = 0x08;

  /** Where ONNX Runtime finds, in a file of its own format, that it is one. */
  private static final int OTHER_FORMAT_AT = 4;

  private static final byte[] OTHER_FORMAT = "ORTM".getBytes(StandardCharsets.US_ASCII);

  private static final int NODES_MAX = 10_000;
  private static final int TENSORS_MAX = 10_000;
  private static final int PORTS_MAX = 64;
  private static final int NAMES_PER_NODE_MAX = 256;
  private static final int ATTRIBUTES_MAX = 64;
  private static final int NAME_BYTES_MAX = 256;
  private static final int TEXT_BYTES_MAX = 64 << 10;
  private static final int DIMENSIONS_MAX = 8;
  private static final int OPSET_MIN = 9;
  private static final int OPSET_MAX = 23;

  private final Set<String> defined = new HashSet<>();
  private final Set<String> held = new HashSet<>();
  private final List<Port> inputs = new ArrayList<>();
  private final List<Port> outputs = new ArrayList<>();
  private final TreeMap<String, Integer> operators = new TreeMap<>();
  private final List<Wiring> nodes = new ArrayList<>();
  private long parameters;
  private int opset;

  /** What a node reads and makes. */
  private record Wiring(String at, List<String> reads, List<String> makes) {}

  private OnnxReader() {}

  /**
   * Whether bytes begin as a file of ONNX does that is taken here: with its version. Programs,
   * networks and manifests begin otherwise.
   */
  public static boolean begins(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == BEGIN;
  }

  /**
   * Reads a file.
   *
   * @throws xyz.openledger.protocol.ProblemException naming what is wrong and where
   */
  public static OnnxModel read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw Refused.because("model", file + " is no file");
    }
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw Refused.because("model", "has more than 64 MiB");
    }
    return read(Files.readAllBytes(file));
  }

  /** Reads the bytes of a file; see {@link #read(Path)}. */
  public static OnnxModel read(byte[] bytes) {
    if (isOtherFormat(bytes)) {
      throw Refused.because(
          "model", "is marked as of ONNX Runtime's own format, which is not taken");
    }
    var reader = new OnnxReader();
    reader.model(new ProtobufCursor(bytes, "model"));
    return new OnnxModel(
        Digest.of(bytes),
        reader.opset,
        List.copyOf(reader.inputs),
        List.copyOf(reader.outputs),
        Collections.unmodifiableSortedMap(reader.operators),
        reader.parameters);
  }

  /** A file could be both, and hold another graph for the runtime than for us. */
  private static boolean isOtherFormat(byte[] bytes) {
    int end = OTHER_FORMAT_AT + OTHER_FORMAT.length;
    return bytes.length >= end
        && Arrays.equals(bytes, OTHER_FORMAT_AT, end, OTHER_FORMAT, 0, OTHER_FORMAT.length);
  }

  private void model(ProtobufCursor model) {
    boolean graph = false;
    for (int field = model.next(); field != 0; field = model.next()) {
      switch (field) {
        case 1, 5 -> model.varint();
        case 2, 3, 4, 6 -> model.text(TEXT_BYTES_MAX);
        case 7 -> {
          model.once();
          graph(model.message("graph"));
          graph = true;
        }
        case 8 -> opset(model.message("opset_import"));
        case 14 -> model.skipBytes();
        case 25 -> throw model.refused("has functions of its own, which are not taken");
        default -> throw model.refused("has field %d, which is not taken".formatted(field));
      }
    }
    if (!graph || opset == 0) {
      throw model.refused(graph ? "says no version of its operators" : "has no graph");
    }
  }

  private void opset(ProtobufCursor set) {
    String domain = "";
    long version = 0;
    for (int field = set.next(); field != 0; field = set.next()) {
      set.once();
      switch (field) {
        case 1 -> domain = set.text(NAME_BYTES_MAX);
        case 2 -> version = set.varint();
        default -> throw set.refused("has field %d, which is not taken".formatted(field));
      }
    }
    if (!isStandard(domain)) {
      throw set.refused("wants operators of " + domain + ", which are not taken");
    }
    if (opset != 0 || version < OPSET_MIN || version > OPSET_MAX) {
      throw set.refused(
          "must name one version of the operators, from %d to %d".formatted(OPSET_MIN, OPSET_MAX));
    }
    opset = (int) version;
  }

  private static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private void graph(ProtobufCursor graph) {
    for (int field = graph.next(); field != 0; field = graph.next()) {
      switch (field) {
        case 1 -> node(graph.message("node[" + nodes.size() + "]"));
        case 2, 10 -> graph.text(TEXT_BYTES_MAX);
        case 5 -> {
          OnnxTensor tensor =
              OnnxTensor.read(graph.message("initializer[" + held.size() + "]"), DIMENSIONS_MAX);
          if (tensor.name().isEmpty() || !held.add(tensor.name())) {
            throw graph.refused("has a tensor without a name of its own");
          }
          if (held.size() > TENSORS_MAX) {
            throw graph.refused("has more than %d tensors".formatted(TENSORS_MAX));
          }
          parameters += tensor.elements();
        }
        case 11 -> inputs.add(port(graph, inputs.size(), "input"));
        case 12 -> outputs.add(port(graph, outputs.size(), "output"));
        case 13, 14, 16 -> graph.skipBytes();
        default -> throw graph.refused("has field %d, which is not taken".formatted(field));
      }
    }
    wired(graph);
  }

  /** That everything is made before it is read, and once. */
  private void wired(ProtobufCursor graph) {
    defined.addAll(held);
    // Weights may be named among the inputs, too, as files of old do it.
    for (Port input : inputs) {
      if (!defined.add(input.name()) && !held.contains(input.name())) {
        throw graph.refused("has two inputs of one name");
      }
    }
    inputs.removeIf(input -> held.contains(input.name()));
    for (Wiring node : nodes) {
      for (String name : node.reads()) {
        if (!name.isEmpty() && !defined.contains(name)) {
          throw Refused.because(node.at(), "reads " + name + ", which nothing before it makes");
        }
      }
      for (String name : node.makes()) {
        if (!name.isEmpty() && !defined.add(name)) {
          throw Refused.because(node.at(), "makes " + name + ", which is there already");
        }
      }
    }
    for (Port output : outputs) {
      if (!defined.contains(output.name())) {
        throw graph.refused("puts out " + output.name() + ", which nothing makes");
      }
    }
    if (nodes.isEmpty() || outputs.isEmpty()) {
      throw graph.refused("computes nothing");
    }
  }

  private void node(ProtobufCursor node) {
    String at = "node[" + nodes.size() + "]";
    var reads = new ArrayList<String>();
    var makes = new ArrayList<String>();
    String operator = "";
    int attributes = 0;
    for (int field = node.next(); field != 0; field = node.next()) {
      switch (field) {
        case 1 -> reads.add(node.text(NAME_BYTES_MAX));
        case 2 -> makes.add(node.text(NAME_BYTES_MAX));
        case 3, 6 -> node.text(TEXT_BYTES_MAX);
        case 4 -> {
          node.once();
          operator = node.text(NAME_BYTES_MAX);
        }
        case 5 -> {
          attributes++;
          attribute(node.message(at + ".attribute"));
        }
        case 7 -> {
          node.once();
          String domain = node.text(NAME_BYTES_MAX);
          if (!isStandard(domain)) {
            throw node.refused("is an operator of " + domain + ", which are not taken");
          }
        }
        case 9 -> node.skipBytes();
        default -> throw node.refused("has field %d, which is not taken".formatted(field));
      }
      if (reads.size() + makes.size() > NAMES_PER_NODE_MAX || attributes > ATTRIBUTES_MAX) {
        throw node.refused("has too many inputs, outputs or attributes");
      }
    }
    if (!OnnxOperators.ALLOWED.contains(operator)) {
      throw node.refused("is the operator \"" + operator + "\", which is not taken");
    }
    if (nodes.size() == NODES_MAX) {
      throw node.refused("is beyond the %d that a graph may have".formatted(NODES_MAX));
    }
    operators.merge(operator, 1, Integer::sum);
    nodes.add(new Wiring(at, reads, makes));
  }

  /** Numbers in attributes count like weights: a constant may hold all of a model's. */
  private void attribute(ProtobufCursor attribute) {
    for (int field = attribute.next(); field != 0; field = attribute.next()) {
      switch (field) {
        case 1, 13 -> attribute.text(TEXT_BYTES_MAX);
        case 2 -> attribute.countFixed(4);
        case 3, 20 -> attribute.varint();
        case 4, 9 -> attribute.text(TEXT_BYTES_MAX);
        case 5 -> {
          attribute.once();
          parameters +=
              OnnxTensor.read(attribute.message("attribute.t"), DIMENSIONS_MAX).elements();
        }
        case 7 -> parameters += attribute.countFixed(4);
        case 8 -> parameters += attribute.countVarints();
        default -> throw attribute.refused("has field %d, which is not taken".formatted(field));
      }
    }
  }

  private static Port port(ProtobufCursor graph, int number, String kind) {
    // Weights may be named among the inputs, so there may be more of these.
    if (number == (kind.equals("output") ? PORTS_MAX : TENSORS_MAX)) {
      throw graph.refused("has too many %ss".formatted(kind));
    }
    ProtobufCursor port = graph.message(kind + "[" + number + "]");
    String name = "";
    ProtobufCursor type = null;
    for (int field = port.next(); field != 0; field = port.next()) {
      switch (field) {
        case 1 -> {
          port.once();
          name = port.text(NAME_BYTES_MAX);
        }
        case 2 -> {
          port.once();
          type = port.message(kind + "[" + number + "].type");
        }
        case 3 -> port.text(TEXT_BYTES_MAX);
        default -> throw port.refused("has field %d, which is not taken".formatted(field));
      }
    }
    if (name.isEmpty() || type == null) {
      throw port.refused("has no name or no type");
    }
    if (type.next() != 1) {
      throw type.refused("is no tensor; nothing else is taken");
    }
    Port read = tensorType(name, type.message(kind + "[" + number + "].type"));
    if (type.next() != 0) {
      throw type.refused("is more than a tensor");
    }
    return read;
  }

  private static Port tensorType(String name, ProtobufCursor type) {
    long code = 0;
    var shape = new ArrayList<Long>();
    for (int field = type.next(); field != 0; field = type.next()) {
      type.once();
      switch (field) {
        case 1 -> code = type.varint();
        case 2 -> shape(type.message("shape"), shape);
        default -> throw type.refused("has field %d, which is not taken".formatted(field));
      }
    }
    long given = code;
    OnnxType known =
        OnnxType.of(given)
            .orElseThrow(() -> type.refused("has numbers of type %d".formatted(given)));
    return new Port(name, known, List.copyOf(shape));
  }

  private static void shape(ProtobufCursor shape, List<Long> dimensions) {
    for (int field = shape.next(); field != 0; field = shape.next()) {
      if (field != 1 || dimensions.size() == DIMENSIONS_MAX) {
        throw shape.refused("must be of at most %d dimensions".formatted(DIMENSIONS_MAX));
      }
      ProtobufCursor dimension = shape.message("shape");
      long size = -1;
      for (int part = dimension.next(); part != 0; part = dimension.next()) {
        dimension.once();
        switch (part) {
          case 1 -> size = dimension.varint();
          case 2, 3 -> dimension.text(NAME_BYTES_MAX);
          default -> throw dimension.refused("has field %d, which is not taken".formatted(part));
        }
      }
      if (size < -1 || size == 0 || size > OnnxTensor.ELEMENTS_MAX) {
        throw dimension.refused("is %d long".formatted(size));
      }
      dimensions.add(size);
    }
  }
}
