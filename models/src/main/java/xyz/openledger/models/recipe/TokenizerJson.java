package xyz.openledger.models.recipe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Writes {@code tokenizer.json} as Hugging Face reads it. */
final class TokenizerJson {
  private TokenizerJson() {}

  /** The tokens that steer, then one for each byte, then one for each pair. */
  static byte[] write(List<String> special, List<BytePairs.Pair> pairs) throws java.io.IOException {
    var json = new ObjectMapper();
    ObjectNode root = json.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (int id = 0; id < special.size(); id++) {
      added
          .addObject()
          .put("id", id)
          .put("content", special.get(id))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    root.putNull("normalizer");
    ArrayNode before =
        root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
    before.addObject().put("type", "Digits").put("individual_digits", true);
    byteLevel(before.addObject());
    root.putNull("post_processor");
    byteLevel(root.putObject("decoder"));
    ObjectNode model = root.putObject("model");
    model.put("type", "BPE").putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false);
    ObjectNode vocabulary = model.putObject("vocab");
    special.forEach(token -> vocabulary.put(token, vocabulary.size()));
    for (int value = 0; value < 256; value++) {
      vocabulary.put(String.valueOf(BytePairs.symbol(value)), vocabulary.size());
    }
    pairs.forEach(pair -> vocabulary.put(pair.joined(), vocabulary.size()));
    ArrayNode merges = model.putArray("merges");
    pairs.forEach(pair -> merges.add(pair.left() + " " + pair.right()));
    return json.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  private static void byteLevel(ObjectNode node) {
    node.put("type", "ByteLevel");
    node.put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", true);
  }
}
