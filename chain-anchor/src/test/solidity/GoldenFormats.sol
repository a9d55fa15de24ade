// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Escrow} from "openledger/Escrow.sol";
import {AccountId, NodeId, PoolId} from "openledger/Identifiers.sol";
import {LogProofs} from "openledger/LogProofs.sol";
import {NodeRegistry} from "openledger/NodeRegistry.sol";
import {vm} from "./Test.sol";

/// @title GoldenFormats
/// @notice Computes, from the given half of a golden vector, what a contract can compute of the other half, and says
/// whether they agree. The vectors are the files that hold the Java code to its formats; `vector` is the path of one.
contract GoldenFormats {
    NodeRegistry private immutable registry;
    Escrow private immutable escrow;

    constructor(NodeRegistry registry_, Escrow escrow_) {
        registry = registry_;
        escrow = escrow_;
    }

    // -- Digests

    function task(string memory json, string memory vector) external pure returns (bool) {
        string[] memory arguments = vm.parseJsonStringArray(json, string.concat(vector, ".given.arguments"));
        bytes memory texts = abi.encodePacked(uint32(arguments.length));
        for (uint256 i = 0; i < arguments.length; ++i) {
            texts = bytes.concat(texts, sizedText(arguments[i]));
        }
        bytes memory content = bytes.concat(
            "openledger/task/v1\n",
            gives(json, vector, ".given.code"),
            texts,
            gives(json, vector, ".given.input"),
            long(json, vector, ".given.fuelMax"),
            long(json, vector, ".given.memoryMaxBytes"),
            long(json, vector, ".given.outputMaxBytes")
        );
        return gives(json, vector, ".gives.identity") == sha256(content);
    }

    function commitment(string memory json, string memory vector) external pure returns (bool) {
        bytes memory content = bytes.concat(
            "openledger/commitment/v1\n",
            sizedText(text(json, vector, ".given.replica")),
            sizedText(text(json, vector, ".given.node")),
            gives(json, vector, ".given.outcome"),
            sized(unhex(text(json, vector, ".given.salt")))
        );
        return gives(json, vector, ".gives.commitment") == sha256(content);
    }

    function policy(string memory json, string memory vector) external pure returns (bool) {
        return gives(json, vector, ".gives.digest") == sha256(bytes(text(json, vector, ".gives.canonical")));
    }

    // -- What a node signs

    function statement(string memory json, string memory vector) external pure returns (bool) {
        bytes memory leaf = bytes.concat(
            sha256(bytes.concat("openledger/replica/v1\n", sizedText(text(json, vector, ".given.replica")))),
            gives(json, vector, ".given.task"),
            gives(json, vector, ".given.outcome"),
            bytes32(vm.parseJsonUint(json, string.concat(vector, ".given.fence")))
        );
        return keccak256(leaf) == keccak256(unhex(text(json, vector, ".gives.leaf")))
            && gives(json, vector, ".gives.leafHash") == LogProofs.leafHash(leaf);
    }

    /// @dev The registry's own code judges, at the address and on the chain that the vector names.
    function batch(string memory json, string memory vector) external returns (bool) {
        NodeRegistry court = NodeRegistry(vm.parseAddress(text(json, vector, ".given.registry")));
        vm.chainId(vm.parseJsonUint(json, string.concat(vector, ".given.chainId")));
        vm.etch(address(court), address(registry).code);

        string[] memory leaves = vm.parseJsonStringArray(json, string.concat(vector, ".given.leafHashes"));
        bytes32 root = treeHash(hashes(leaves), 0, leaves.length);
        if (root != gives(json, vector, ".gives.root")) return false;
        NodeId node = NodeId.wrap(identifier(text(json, vector, ".given.node")));
        return signed(court, node, root, uint32(leaves.length), json, vector);
    }

    function signed(
        NodeRegistry court,
        NodeId node,
        bytes32 root,
        uint32 count,
        string memory json,
        string memory vector
    ) private view returns (bool) {
        bytes32 hash = bytes32(unhex(text(json, vector, ".gives.hash")));
        if (court.resultBatchDigest(node, root, count) != hash) return false;
        bytes memory signature = unhex(text(json, vector, ".gives.signature"));
        address signer = vm.addr(uint256(bytes32(unhex(text(json, vector, ".given.secret")))));
        return signer == vm.parseAddress(text(json, vector, ".gives.signer"))
            && court.resultBatchSigner(node, root, count, signature) == signer;
    }

    // -- What a requester signs

    /// @dev The escrow's own code judges, at the address and on the chain that the vector names.
    function sessionKey(string memory json, string memory vector) external returns (bool) {
        Escrow court = escrowOf(json, vector);
        bytes32 hash = court.sessionKeyDigest(
            AccountId.wrap(gives(json, vector, ".given.account")),
            vm.parseAddress(text(json, vector, ".given.depositor")),
            vm.parseAddress(text(json, vector, ".given.key")),
            uint96(nano(json, vector, ".given.capNanoOpen")),
            uint48(vm.parseUint(text(json, vector, ".given.expiresAtSeconds")))
        );
        if (hash != bytes32(unhex(text(json, vector, ".gives.hash")))) return false;
        address signer = ECDSA.recover(hash, unhex(text(json, vector, ".gives.signature")));
        return signer == vm.parseAddress(text(json, vector, ".gives.signer")) && signer == holder(json, vector);
    }

    function voucher(string memory json, string memory vector) external returns (bool) {
        Escrow court = escrowOf(json, vector);
        bytes32 hash = court.voucherDigest(
            holder(json, vector),
            PoolId.wrap(identifier(text(json, vector, ".given.pool"))),
            nano(json, vector, ".given.cumulativeNanoOpen")
        );
        if (hash != bytes32(unhex(text(json, vector, ".gives.hash")))) return false;
        (bytes32 r, bytes32 vs) = abi.decode(unhex(text(json, vector, ".gives.compact")), (bytes32, bytes32));
        address signer = ECDSA.recover(hash, unhex(text(json, vector, ".gives.signature")));
        return signer == vm.parseAddress(text(json, vector, ".gives.signer")) && signer == holder(json, vector)
            && signer == ECDSA.recover(hash, r, vs);
    }

    function escrowOf(string memory json, string memory vector) private returns (Escrow court) {
        court = Escrow(vm.parseAddress(text(json, vector, ".given.escrow")));
        vm.chainId(vm.parseUint(text(json, vector, ".given.chainId")));
        vm.etch(address(court), address(escrow).code);
    }

    function holder(string memory json, string memory vector) private pure returns (address) {
        return vm.addr(uint256(bytes32(unhex(text(json, vector, ".given.secret")))));
    }

    function nano(string memory json, string memory vector, string memory field) private pure returns (uint256) {
        return vm.parseUint(text(json, vector, field)) * 1e9;
    }

    // -- What stands in the log

    /// @dev The leaf as a contract reads it, and both digests that it rests on.
    function receipt(string memory json, string memory vector) external pure returns (bool) {
        bytes memory leaf = unhex(text(json, vector, ".gives.leaf"));
        bytes32[9] memory words = abi.decode(leaf, (bytes32[9]));
        bytes32 document = sha256(bytes(text(json, vector, ".gives.canonical")));
        return document == gives(json, vector, ".gives.digest") && document == words[8]
            && words[2] == bytes32(identifier(text(json, vector, ".gives.key")))
            && words[4] == gives(json, vector, ".gives.nodeSet") && words[5] == gives(json, vector, ".gives.result")
            && words[6] == gives(json, vector, ".gives.evidence")
            && LogProofs.leafHash(leaf) == gives(json, vector, ".gives.leafHash");
    }

    function merkle(string memory json, string memory vector) external view returns (bool) {
        string[] memory given = vm.parseJsonStringArray(json, string.concat(vector, ".given.leaves"));
        bytes32[] memory leaves = new bytes32[](given.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = LogProofs.leafHash(unhex(given[i]));
        }
        bytes32 root = gives(json, vector, ".gives.root");
        uint64 size = uint64(leaves.length);
        if (root != treeHash(leaves, 0, size)) return false;
        for (uint64 i = 0; i < size; ++i) {
            bytes32[] memory path = proof(json, vector, ".gives.inclusion[", i);
            if (!this.includes(root, size, leaves[i], i, path)) return false;
            path = proof(json, vector, ".gives.consistency[", i);
            if (!this.extendsTree(i + 1, treeHash(leaves, 0, i + 1), size, root, path)) return false;
        }
        return true;
    }

    /// @dev All but the Ed25519 signature, which the EVM cannot check: the text, and whose key signs it.
    function checkpoint(string memory json, string memory vector) external pure returns (bool) {
        string memory origin = text(json, vector, ".given.origin");
        string memory root = vm.toBase64(bytes.concat(gives(json, vector, ".given.root")));
        string memory note = string.concat(origin, "\n", text(json, vector, ".given.size"), "\n", root, "\n");
        string memory head = string.concat(note, unicode"\n— ", origin, " ");
        return same(note, text(json, vector, ".gives.text")) && startsWith(text(json, vector, ".gives.note"), head);
    }

    function includes(bytes32 root, uint64 size, bytes32 leaf, uint64 index, bytes32[] calldata path)
        external
        view
        returns (bool)
    {
        return LogProofs.includes(root, size, leaf, index, path);
    }

    function extendsTree(uint64 fromSize, bytes32 from, uint64 size, bytes32 root, bytes32[] calldata path)
        external
        view
        returns (bool)
    {
        return LogProofs.extendsTree(fromSize, from, size, root, path);
    }

    /// @dev RFC 9162 §2.1.1, as defined there.
    function treeHash(bytes32[] memory leaves, uint256 from, uint256 to) private pure returns (bytes32) {
        if (to - from == 1) return leaves[from];
        uint256 split = 1;
        while (2 * split < to - from) split *= 2;
        return sha256(bytes.concat(hex"01", treeHash(leaves, from, from + split), treeHash(leaves, from + split, to)));
    }

    // -- Reading

    function text(string memory json, string memory vector, string memory field) private pure returns (string memory) {
        return vm.parseJsonString(json, string.concat(vector, field));
    }

    function gives(string memory json, string memory vector, string memory field) private pure returns (bytes32) {
        return digest(text(json, vector, field));
    }

    function long(string memory json, string memory vector, string memory field) private pure returns (bytes8) {
        return bytes8(uint64(vm.parseJsonUint(json, string.concat(vector, field))));
    }

    function proof(string memory json, string memory vector, string memory field, uint256 index)
        private
        pure
        returns (bytes32[] memory)
    {
        return hashes(vm.parseJsonStringArray(json, string.concat(vector, field, vm.toString(index), "]")));
    }

    function hashes(string[] memory named) private pure returns (bytes32[] memory result) {
        result = new bytes32[](named.length);
        for (uint256 i = 0; i < named.length; ++i) {
            result[i] = digest(named[i]);
        }
    }

    function digest(string memory named) private pure returns (bytes32) {
        return bytes32(vm.parseBytes(vm.replace(named, "sha256:", "0x")));
    }

    function unhex(string memory digits) private pure returns (bytes memory) {
        return vm.parseBytes(string.concat("0x", digits));
    }

    function sized(bytes memory content) private pure returns (bytes memory) {
        return abi.encodePacked(uint32(content.length), content);
    }

    function sizedText(string memory content) private pure returns (bytes memory) {
        return sized(bytes(content));
    }

    /// @dev The 16 bytes behind `kind-` in base32 of RFC 4648, in lower case and without padding.
    function identifier(string memory id) private pure returns (bytes16) {
        bytes memory letters = bytes(id);
        uint256 place = 0;
        while (letters[place] != "-") ++place;
        uint256 bits = 0;
        for (uint256 i = 1; i <= 26; ++i) {
            uint8 letter = uint8(letters[place + i]);
            bits = bits << 5 | (letter >= 97 ? letter - 97 : letter - 24);
        }
        return bytes16(uint128(bits >> 2));
    }

    function same(string memory left, string memory right) private pure returns (bool) {
        return keccak256(bytes(left)) == keccak256(bytes(right));
    }

    function startsWith(string memory whole, string memory head) private pure returns (bool) {
        for (uint256 i = 0; i < bytes(head).length; ++i) {
            if (bytes(whole)[i] != bytes(head)[i]) return false;
        }
        return true;
    }
}
