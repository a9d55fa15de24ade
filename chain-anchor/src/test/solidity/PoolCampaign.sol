// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PoolId} from "openledger/Identifiers.sol";
import {PoolRegistry} from "openledger/PoolRegistry.sol";
import {OpenToken} from "openledger/OpenToken.sol";
import {Campaign} from "./Campaign.sol";
import {bound, vm} from "./Test.sol";

/// @notice Pools that open, close and tell two histories, and accusers with and without a fork in hand.
contract PoolCampaign is Campaign {
    uint256 private constant POOLS = 16;
    uint256 private constant LOG_KEY = 401;

    PoolRegistry private immutable pools;
    OpenToken private immutable open;

    uint256[POOLS] private bond;
    bool[POOLS] private closed;
    uint256 private clock = 1_800_000_000;

    constructor(PoolRegistry pools_, OpenToken open_) {
        pools = pools_;
        open = open_;
    }

    function act(uint256 random) internal override {
        vm.warp(clock);
        uint256 action = random % 10;
        uint256 n = (random >> 8) % POOLS;
        random >>= 16;
        PoolRegistry.Status status = pools.pool(id(n)).status;
        if (action < 3) clock += bound(random, 1, 1 days);
        else if (action < 4) accuse(n, random, random % 3 == 0);
        else if (action < 5) accuseWithOneHistory(n, random);
        else if (status == PoolRegistry.Status.Unknown) openPool(n, random);
        else if (status != PoolRegistry.Status.Open) withdraw(n, status);
        else if (action < 6) pools.close(id(n));
    }

    function openPool(uint256 n, uint256 random) private {
        uint96 amount = uint96(bound(random, pools.minimumBond(), 10_000e18));
        open.approve(address(pools), amount);
        pools.open(id(n), vm.addr(LOG_KEY + n), "log key", origin(n), "terms", "witnesses", amount);
        bond[n] = amount;
    }

    function withdraw(uint256 n, PoolRegistry.Status status) private {
        uint256 withdrawableAt = pools.pool(id(n)).withdrawableAt;
        try pools.withdraw(id(n)) {
            if (closed[n]) breach("a bond was withdrawn twice");
            if (clock < withdrawableAt) breach("a bond was released before its time");
            bond[n] = 0;
            closed[n] = true;
        } catch {
            if (status == PoolRegistry.Status.Closing && clock >= withdrawableAt) breach("a free bond was withheld");
        }
    }

    function accuse(uint256 n, uint256 random, bool fork) private {
        if (pools.pool(id(n)).status == PoolRegistry.Status.Unknown) return;
        uint64 size = uint64(random);
        uint64 other = fork ? size : size ^ 1;
        bytes memory first = signed(n, size, "a");
        bytes memory second = signed(n, other, "b");
        try pools.proveFork(id(n), size, "a", first, "b", second) {
            if (!fork) breach("two sizes were taken for a fork");
            bond[n] = 0;
        } catch {
            if (fork) breach("a fork was refused");
        }
    }

    function accuseWithOneHistory(uint256 n, uint256 random) private {
        if (pools.pool(id(n)).status == PoolRegistry.Status.Unknown) return;
        bytes memory signature = signed(n, uint64(random), "a");
        try pools.proveFork(id(n), uint64(random), "a", signature, "a", signature) {
            breach("one history was taken for two");
        } catch {}
    }

    function unbalanced() internal view override returns (string memory) {
        uint256 sum;
        for (uint256 n = 0; n < POOLS; ++n) {
            if (pools.pool(id(n)).bond != bond[n]) return "a bond differs from what was paid in and taken out";
            sum += bond[n];
        }
        if (open.balanceOf(address(pools)) != sum) return "OPEN appeared or vanished";
        return "";
    }

    function signed(uint256 n, uint64 size, bytes32 root) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(LOG_KEY + n, pools.checkpointDigest(origin(n), size, root));
        return abi.encodePacked(r, s, v);
    }

    function origin(uint256 n) private pure returns (bytes32) {
        return keccak256(abi.encode("origin", n));
    }

    function id(uint256 n) private pure returns (PoolId) {
        return PoolId.wrap(bytes16(uint128(n + 1)));
    }
}
