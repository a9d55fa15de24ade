package xyz.openledger.protocol.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.FeeSplit;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.ResultStatement.Court;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.merkle.MerkleTree;
import xyz.openledger.protocol.voucher.EscrowDomain;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.Voucher;

/**
 * The formats that have golden vectors. Each says what to draw, and what comes of it; the first is
 * used once, to write the file, the second on every build.
 */
enum Format {
  JOB_ID(
      draw -> Map.of("tenant", draw.tenant(), "idempotencyKey", draw.text()),
      given -> {
        var job = JobId.of(new TenantId(text(given, "tenant")), text(given, "idempotencyKey"));
        return Map.of("job", job, "bytes", hex(job.bytes()));
      }),

  NODE_ID(
      draw -> Map.of("transportKey", draw.hex(32)),
      given -> Map.of("node", NodeId.of(bytes(given, "transportKey")))),

  POOL_ID(
      draw -> Map.of("operator", draw.text(), "name", draw.text()),
      given -> Map.of("pool", PoolId.of(text(given, "operator"), text(given, "name")))),

  TASK(
      draw -> {
        var task = draw.task();
        var limits = draw.workload();
        return Map.of(
            "code", draw.digest(),
            "arguments", task.arguments(),
            "input", task.input(),
            "fuelMax", Long.toString(limits.fuelMax()),
            "memoryMaxBytes", limits.memoryMaxBytes(),
            "outputMaxBytes", limits.outputMaxBytes());
      },
      given ->
          Map.of(
              "identity",
              TaskIdentity.of(
                  digest(given, "code"),
                  texts(given, "arguments"),
                  digest(given, "input"),
                  number(given, "fuelMax"),
                  given.get("memoryMaxBytes").longValue(),
                  given.get("outputMaxBytes").longValue()))),

  OUTCOME(
      draw -> Map.of("outcome", draw.outcome()),
      given -> Map.of("digest", Json.read(given.get("outcome"), Outcome.class).digest())),

  COMMITMENT(
      draw ->
          Map.of(
              "replica", draw.replica(),
              "node", draw.node(),
              "outcome", draw.digest(),
              "salt", draw.hex(32)),
      given ->
          Map.of(
              "commitment",
              Commitment.of(
                  ReplicaId.parse(text(given, "replica")),
                  NodeId.parse(text(given, "node")),
                  digest(given, "outcome"),
                  bytes(given, "salt")))),

  STATEMENT(
      draw -> {
        var statement = draw.statement();
        return Map.of(
            "replica", statement.replica(),
            "task", statement.task(),
            "outcome", statement.outcome(),
            "fence", Long.toString(statement.fence()));
      },
      given -> {
        var statement =
            new ResultStatement(
                ReplicaId.parse(text(given, "replica")),
                digest(given, "task"),
                digest(given, "outcome"),
                number(given, "fence"));
        return Map.of("leaf", hex(statement.leaf()), "leafHash", statement.leafHash());
      }),

  BATCH(
      draw -> {
        var court = draw.court();
        return Map.of(
            "chainId", Long.toString(court.chainId()),
            "registry", court.registry(),
            "node", draw.node(),
            "leafHashes", draw.list(1, 9, draw::digest),
            "secret", hex(draw.key().secret()));
      },
      given -> {
        var court = new Court(number(given, "chainId"), Address.parse(text(given, "registry")));
        var leaves = texts(given, "leafHashes").stream().map(Digest::parse).toList();
        var root = MerkleTree.root(leaves);
        byte[] hash =
            ResultStatement.hash(court, NodeId.parse(text(given, "node")), root, leaves.size());
        var key = Secp256k1Key.of(bytes(given, "secret"));
        return Map.of(
            "root", root,
            "hash", hex(hash),
            "signer", key.address(),
            "signature", hex(key.sign(hash)));
      }),

  SESSION_KEY(
      draw ->
          Map.of(
              "chainId", Long.toString(draw.number(Long.MAX_VALUE)),
              "escrow", draw.address(),
              "account", draw.digest(),
              "depositor", draw.address(),
              "key", draw.address(),
              "capNanoOpen", Long.toString(1 + draw.number(1_000_000_000_000_000_000L)),
              "expiresAtSeconds", Long.toString(1 + draw.number((1L << 48) - 1)),
              "secret", hex(draw.key().secret())),
      given -> {
        var session =
            new SessionKey(
                digest(given, "account"),
                Address.parse(text(given, "depositor")),
                Address.parse(text(given, "key")),
                number(given, "capNanoOpen"),
                number(given, "expiresAtSeconds"));
        byte[] hash = session.hash(escrow(given));
        var owner = Secp256k1Key.of(bytes(given, "secret"));
        return Map.of(
            "hash", hex(hash), "signer", owner.address(), "signature", hex(owner.sign(hash)));
      }),

  VOUCHER(
      draw ->
          Map.of(
              "chainId", Long.toString(draw.number(Long.MAX_VALUE)),
              "escrow", draw.address(),
              "pool", PoolId.of(draw.text(), draw.text()),
              "cumulativeNanoOpen", Long.toString(1 + draw.number(1_000_000_000_000_000_000L)),
              "secret", hex(draw.key().secret())),
      given -> {
        var key = Secp256k1Key.of(bytes(given, "secret"));
        var voucher =
            new Voucher(
                key.address(),
                PoolId.parse(text(given, "pool")),
                number(given, "cumulativeNanoOpen"));
        var signed = voucher.sign(key, escrow(given));
        return Map.of(
            "hash", hex(voucher.hash(escrow(given))),
            "signer", key.address(),
            "signature", signed.signature(),
            "compact", hex(signed.compact()));
      }),

  POLICY(
      draw -> Map.of("document", Json.pretty(draw.policy())),
      given -> document(Json.canonical(Json.read(text(given, "document"), Policy.class)))),

  JOB_SPEC(
      draw -> Map.of("document", Json.pretty(draw.spec())),
      given -> {
        var spec = Json.read(text(given, "document"), JobSpec.class);
        return with(document(Json.canonical(spec)), "digest", spec.digest());
      }),

  RECEIPT(
      draw -> Map.of("document", Json.pretty(draw.receipt())),
      given -> {
        var receipt = Json.read(text(given, "document"), Receipt.class);
        var leaf = receipt.leaf();
        var gives = document(receipt.canonical());
        gives.put("key", leaf.key());
        gives.put("nodeSet", leaf.nodeSet());
        gives.put("result", leaf.result());
        gives.put("evidence", leaf.evidence());
        gives.put("leaf", hex(leaf.encode()));
        gives.put("leafHash", leaf.hash());
        return gives;
      }),

  DIVISION(
      draw -> {
        var prices = draw.list(0, 5, () -> draw.number(Long.MAX_VALUE / 8));
        var division = draw.division(prices);
        return Map.of(
            "split", division.split(),
            "heldNanoOpen", Long.toString(division.heldNanoOpen()),
            "prices", prices.stream().map(price -> Long.toString(price)).toList());
      },
      given ->
          document(
              Json.canonical(
                  Division.of(
                      Json.read(given.get("split"), FeeSplit.class),
                      number(given, "heldNanoOpen"),
                      texts(given, "prices").stream().map(Long::parseLong).toList(),
                      null)))),

  MERKLE(
      draw -> Map.of("leaves", draw.list(1, 20, () -> draw.hex(3))),
      given -> {
        var leaves =
            texts(given, "leaves").stream()
                .map(leaf -> MerkleTree.leafHash(HexFormat.of().parseHex(leaf)))
                .toList();
        var consistency = new ArrayList<List<Digest>>();
        for (int size = 1; size <= leaves.size(); size++) {
          consistency.add(MerkleTree.consistencyProof(leaves, size));
        }
        return Map.of(
            "root", MerkleTree.root(leaves),
            "inclusion", MerkleTree.inclusionProofs(leaves),
            "consistency", consistency);
      }),

  PRICE(
      draw ->
          Map.of(
              "fuel", Long.toString(draw.number(10_000_000_000_001L)),
              "priceNanoOpenPerGigafuel",
                  Long.toString(draw.number(Price.NANO_OPEN_PER_GIGAFUEL_MAX + 1))),
      given -> {
        long nanoOpen =
            Price.ofReplica(number(given, "fuel"), number(given, "priceNanoOpenPerGigafuel"));
        return Map.of("nanoOpen", Long.toString(nanoOpen));
      });

  private final Function<Drawn, Map<String, ?>> draw;
  private final Function<JsonNode, Map<String, ?>> compute;

  Format(Function<Drawn, Map<String, ?>> draw, Function<JsonNode, Map<String, ?>> compute) {
    this.draw = draw;
    this.compute = compute;
  }

  /** The name of its file. */
  String file() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".json";
  }

  /** New input. */
  JsonNode draw(Drawn drawn) {
    return Json.tree(new TreeMap<>(draw.apply(drawn)));
  }

  /** What the format gives for it. */
  JsonNode compute(JsonNode given) {
    return Json.tree(new TreeMap<>(compute.apply(given)));
  }

  private static Map<String, Object> document(byte[] canonical) {
    var gives = new LinkedHashMap<String, Object>();
    gives.put("canonical", new String(canonical, StandardCharsets.UTF_8));
    gives.put("digest", Digest.of(canonical));
    return gives;
  }

  private static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
    map.put(name, value);
    return map;
  }

  private static EscrowDomain escrow(JsonNode given) {
    return new EscrowDomain(number(given, "chainId"), Address.parse(text(given, "escrow")));
  }

  private static String text(JsonNode given, String field) {
    return given.get(field).textValue();
  }

  private static List<String> texts(JsonNode given, String field) {
    return given.get(field).valueStream().map(JsonNode::textValue).toList();
  }

  private static Digest digest(JsonNode given, String field) {
    return Digest.parse(text(given, field));
  }

  private static long number(JsonNode given, String field) {
    return new BigInteger(text(given, field)).longValueExact();
  }

  private static byte[] bytes(JsonNode given, String field) {
    return HexFormat.of().parseHex(text(given, field));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
