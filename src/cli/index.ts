process.stdout.write('charloom\n');
