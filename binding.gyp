{
  # A shim: CMakeLists.txt is the one build definition. The output is never created, so that the action always runs.
  "targets": [
    {
      "target_name": "spikeport",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake",
          "inputs": [],
          "outputs": ["<(module_root_dir)/build/always"],
          "action": ["npx", "cmake-js", "build", "--out", "build/cmake"],
        }
      ],
    }
  ]
}
