% Reads a Phy folder by the rules of cortex-lab's loadKSdir, in GNU Octave: phy_octave(FOLDER)
%
% params.py is run as a program, up to the first line that is none; arrays are read by a search in the header and with their axes turned
% round; tables are words between blanks. Prints the numbers one a line, each list after its name and count.
function phy_octave(folder)
  parameters = run_parameters(fullfile(folder, 'params.py'));
  show('sample_rate', parameters.sample_rate);
  show('n_channels_dat', parameters.n_channels_dat);
  show('dat_path', double(parameters.dat_path));
  for name = {'spike_times', 'spike_templates', 'spike_clusters', 'amplitudes', 'channel_positions', 'templates', ...
              'whitening_mat_inv', 'pc_features', 'pc_feature_ind'}
    show(name{1}, read_array(fullfile(folder, [name{1} '.npy'])));
  end
  file = fopen(fullfile(folder, 'cluster_group.tsv'));
  table = textscan(file, '%s%s');
  fclose(file);
  show('clusters', cellfun(@str2num, table{1}(2:end)));
  show('good', strcmp(table{2}(2:end), 'good'));
end

function parameters = run_parameters(path)
  parameters = struct();
  lines = strsplit(fileread(path), "\n");
  for i = 1:numel(lines)
    try
      eval([lines{i} ';']);
      name = strtrim(strtok(lines{i}, '='));
      if ~isempty(name)
        parameters.(name) = eval(name);
      end
    catch
      return
    end
  end
end

function numbers = read_array(path)
  file = fopen(path, 'r', 'l');
  fread(file, 8, 'uint8');
  header = fread(file, [1 fread(file, 1, 'uint16')], 'char=>char');
  type = regexp(header, '''descr'': ''<(\w+)''', 'tokens'){1}{1};
  shape = str2num(regexp(header, '''shape'': \((.*?)\)', 'tokens'){1}{1});
  types = struct('i4', 'int32', 'i8', 'int64', 'f4', 'single', 'f8', 'double');
  numbers = fread(file, prod(shape), [types.(type) '=>' types.(type)]);
  fclose(file);
  if numel(shape) > 1
    numbers = permute(reshape(numbers, fliplr(shape)), numel(shape):-1:1);
  end
end

% Numbers with the last axis running fastest, as Python has them.
function show(name, numbers)
  if ndims(numbers) > 2 || all(size(numbers) > 1)
    numbers = permute(numbers, ndims(numbers):-1:1);
  end
  printf('%s %d\n', name, numel(numbers));
  printf('%.17g\n', double(numbers(:)));
end
